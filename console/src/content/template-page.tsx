import { template as templateSchema } from '@baton/contract'
import { useParams } from '@tanstack/react-router'
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
  if (data !== undefined) return <TemplateEditor key={templateId} template={data} />
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
