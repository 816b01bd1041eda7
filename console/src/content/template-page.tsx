import { type Template, template as templateSchema } from '@baton/contract'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { TemplateEditor } from './template-editor.tsx'

export const TemplatePage = () => {
  const { templateId } = useParams({ from: '/inside/messages/templates/$templateId' })
  return templateId === 'new' ? <TemplateEditor template={null} /> : <KnownTemplate templateId={templateId} />
}

const KnownTemplate = ({ templateId }: { readonly templateId: string }) => {
  const t = useTexts()
  const { data, error, refetch } = useApi(`/v1/templates/${templateId}`, templateSchema)
  if (data !== undefined) return <Loaded key={templateId} template={data} />
  if (error === null) return <PagePending />
  return (
    <>
      <PageHeader
        title={t('messages.templates')}
        back={{ to: '/messages/templates', label: t('messages.templates') }}
      />
      <ErrorPanel error={error} onRetry={() => void refetch()} />
    </>
  )
}

/** What was loaded first stays under the editor: a refresh must not throw away what somebody types. */
const Loaded = ({ template }: { readonly template: Template }) => {
  // A version that was restored takes the place of what stood there, once it has been read.
  const [restoredAfter, setRestoredAfter] = useState(0)
  return (
    <TemplateEditor
      key={template.version > restoredAfter ? `${restoredAfter}` : `before ${restoredAfter}`}
      template={template}
      onRestored={() => setRestoredAfter(template.version)}
    />
  )
}
