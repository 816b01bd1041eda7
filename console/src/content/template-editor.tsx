import { type Template, template as templateSchema } from '@baton/contract'
import { Badge, Button, Drawer, Grid, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { DeleteButton } from '../ui/delete-button.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { VersionHistory } from '../ui/version-history.tsx'
import { starterMjml } from './starter-template.ts'
import classes from './template-editor.module.css'
import { TemplatePreviewPanel } from './template-preview-panel.tsx'
import { useTopics } from './use-topics.ts'

interface TemplateEditorProps {
  /** Null: a new one. */
  readonly template: Template | null
  /** An older version was saved again. */
  readonly onRestored?: () => void
}

/** Writes a template beside its preview as a real person gets it. */
export const TemplateEditor = ({ template, onRestored }: TemplateEditorProps) => {
  const t = useTexts()
  const navigate = useNavigate()
  const { workspace } = useHere()
  const topics = useTopics()
  const [isHistoryOpen, history] = useDisclosure(false)
  const form = useForm({
    initialValues: {
      name: template?.name ?? '',
      subject: template?.subject ?? '',
      mjml: template?.mjml ?? starterMjml,
      text: template?.text ?? '',
      topic: template?.topic ?? '',
    },
    validate: {
      name: (value) => (value.trim() === '' ? t('messages.tpl.nameMissing') : null),
      subject: (value) => (value.trim() === '' ? t('messages.tpl.subjectMissing') : null),
      mjml: (value) => (value.trim() === '' ? t('messages.tpl.mjmlMissing') : null),
      topic: (value) => (value === '' ? t('messages.tpl.topicMissing') : null),
    },
  })
  const draft = { ...form.values, text: form.values.text.trim() === '' ? null : form.values.text }
  const save = useAction({
    run: () =>
      template === null
        ? api.post('/v1/templates', draft, templateSchema)
        : api.put(`/v1/templates/${template.templateId}`, draft, templateSchema),
    refreshes: ['/v1/templates'],
    done: t('messages.tpl.created'),
    quiet: true,
    onDone: ({ templateId }) => {
      form.resetDirty()
      if (template === null) void navigate({ to: '/messages/templates/$templateId', params: { templateId } })
    },
  })
  const submit = form.onSubmit(() => save.mutate())
  useHotkeys([['mod+S', () => submit()]], [])
  const mayWrite = workspace.permissions.includes('content:write')
  return (
    <form onSubmit={submit}>
      <PageHeader
        title={template?.name ?? t('messages.tpl.newTitle')}
        back={{ to: '/messages/templates', label: t('messages.templates') }}
        badge={
          <>
            {template === null ? null : (
              <Badge color="gray">{t('messages.tpl.version', { version: template.version })}</Badge>
            )}
            {form.isDirty() ? <Badge color="yellow">{t('messages.tpl.unsaved')}</Badge> : null}
          </>
        }
        actions={
          <>
            {template === null ? null : (
              <Button variant="default" onClick={history.open}>
                {t('ui.versions.tab')}
              </Button>
            )}
            {template !== null && mayWrite ? (
              <DeleteButton
                path={`/v1/templates/${template.templateId}`}
                name={template.name}
                refreshes={[]}
                onDeleted={() => void navigate({ to: '/messages/templates' })}
              />
            ) : null}
            {mayWrite ? (
              <Button type="submit" loading={save.isPending} disabled={template !== null && !form.isDirty()}>
                {t('messages.tpl.save')}
              </Button>
            ) : null}
          </>
        }
      />
      {template === null ? null : (
        <Drawer
          opened={isHistoryOpen}
          onClose={history.close}
          position="right"
          size={560}
          title={t('ui.versions.tab')}
          closeButtonProps={{ 'aria-label': t('ui.close') }}
          attributes={{ header: { role: 'presentation' } }}
        >
          <VersionHistory
            path={`/v1/templates/${template.templateId}`}
            refreshes={['/v1/templates']}
            mayRestore={mayWrite}
            restoreLead={t('messages.tpl.restoreLead')}
            {...(onRestored === undefined ? {} : { onRestored })}
          />
        </Drawer>
      )}
      {save.error === null ? null : <ErrorPanel error={save.error} />}
      <Grid gap="md" mt={save.error === null ? 0 : 'sm'}>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Panel>
            <Stack gap="sm">
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                <TextInput
                  label={t('messages.tpl.name')}
                  maxLength={120}
                  readOnly={!mayWrite}
                  {...form.getInputProps('name')}
                />
                <Select
                  label={t('messages.tpl.topic')}
                  data={withOwn(topics, form.values.topic)}
                  allowDeselect={false}
                  readOnly={!mayWrite}
                  {...form.getInputProps('topic')}
                />
              </SimpleGrid>
              <TextInput
                label={t('messages.tpl.subject')}
                description={t('messages.tpl.subjectHint', { open: '{{', close: '}}' })}
                maxLength={500}
                readOnly={!mayWrite}
                {...form.getInputProps('subject')}
              />
              <Textarea
                label={t('messages.tpl.mjml')}
                description={t('messages.tpl.mjmlHint')}
                classNames={{ input: classes.code ?? '' }}
                rows={24}
                spellCheck={false}
                wrap="off"
                readOnly={!mayWrite}
                {...form.getInputProps('mjml')}
              />
              <Textarea
                label={t('messages.tpl.text')}
                description={t('messages.tpl.textHint')}
                classNames={{ input: classes.code ?? '' }}
                autosize
                minRows={2}
                maxRows={12}
                readOnly={!mayWrite}
                {...form.getInputProps('text')}
              />
            </Stack>
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <TemplatePreviewPanel draft={draft} savedId={template?.templateId ?? null} />
        </Grid.Col>
      </Grid>
    </form>
  )
}

/** A topic that was taken out of the policy stays visible where it is used. */
const withOwn = (topics: readonly { readonly value: string; readonly label: string }[], own: string) =>
  own === '' || topics.some(({ value }) => value === own) ? [...topics] : [...topics, { value: own, label: own }]
