import type { TemplateDraft } from '@baton/contract'
import { Alert, Badge, Button, Code, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { PersonPicker } from './person-picker.tsx'
import { PostedFrame } from './posted-frame.tsx'
import classes from './template-editor.module.css'
import { TestModal } from './test-modal.tsx'
import { useTemplatePreview } from './use-template-preview.ts'

interface TemplatePreviewPanelProps {
  readonly draft: TemplateDraft
  /** Null before the first save: only a saved template can be sent as a test. */
  readonly savedId: string | null
}

/** The draft as one person gets it, at two widths, in the dark or as text, with what is missing for that person. */
export const TemplatePreviewPanel = ({ draft, savedId }: TemplatePreviewPanelProps) => {
  const t = useTexts()
  const { workspace } = useHere()
  const [personId, setPersonId] = useState<string | null>(null)
  const [view, setView] = useState('wide')
  const [testing, test] = useDisclosure(false)
  const { answer, request } = useTemplatePreview(draft, personId)
  const preview = answer.data
  return (
    <Panel
      title={t('messages.tpl.preview')}
      aside={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('messages.page.contentView')}
            value={view}
            onChange={setView}
            data={[
              { value: 'wide', label: t('messages.page.wide') },
              { value: 'phone', label: t('messages.page.phone') },
              { value: 'dark', label: t('messages.page.dark') },
              { value: 'text', label: t('messages.page.text') },
            ]}
          />
          {savedId === null || !workspace.permissions.includes('content:write') ? null : (
            <Button variant="default" size="compact-sm" onClick={test.open}>
              {t('messages.tpl.test')}
            </Button>
          )}
        </Group>
      }
    >
      <Stack gap="sm">
        {workspace.permissions.includes('people:read') ? (
          <PersonPicker value={personId} onChange={setPersonId} />
        ) : null}
        {answer.error === null ? null : <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />}
        {preview === undefined || preview.errors.length === 0 ? null : (
          <Alert color="red" title={t('messages.tpl.errors')}>
            {preview.errors.map(({ message, line }) => (
              <Text key={`${line ?? ''} ${message}`}>
                {line === null ? '' : `${t('messages.tpl.line', { line })}: `}
                {message}
              </Text>
            ))}
          </Alert>
        )}
        {preview === undefined ? null : (
          <>
            <Text fw={600} fz="md">
              {preview.subject}
            </Text>
            <Missing names={preview.missing} />
          </>
        )}
        {view === 'text' ? (
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {preview?.text ?? ''}
          </Code>
        ) : (
          <>
            <PostedFrame
              action="/v1/templates/preview/html"
              request={request}
              title={t('messages.page.frame')}
              width={view === 'phone' ? 'phone' : 'wide'}
              scheme={view === 'dark' ? 'dark' : 'light'}
            />
            {view === 'dark' ? (
              <Text size="xs" c="dimmed">
                {t('messages.page.darkHint')}
              </Text>
            ) : null}
          </>
        )}
      </Stack>
      {savedId === null ? null : (
        <TestModal opened={testing} onClose={test.close} templateId={savedId} personId={personId} />
      )}
    </Panel>
  )
}

const Missing = ({ names }: { readonly names: readonly string[] }) => {
  const t = useTexts()
  if (names.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('messages.tpl.missingNone')}
      </Text>
    )
  }
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {t('messages.tpl.missing')}. {t('messages.tpl.missingHint')}
      </Text>
      <div className={classes.variables}>
        {names.map((name) => (
          <Badge key={name} color="orange" ff="monospace">
            {name}
          </Badge>
        ))}
      </div>
    </div>
  )
}
