import { type Template, type TemplateChange, type TemplateDraft, template as templateSchema } from '@baton/contract'
import { Badge, Button, Drawer, Grid, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../api/api.ts'
import { ApiError } from '../api/api-error.ts'
import { useAction } from '../api/use-action.ts'
import { apiKey } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx'
import { DeleteButton } from '../ui/delete-button.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { useFormBase } from '../ui/use-form-base.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { VersionHistory } from '../ui/version-history.tsx'
import { starterMjml } from './starter-template.ts'
import classes from './template-editor.module.css'
import { TemplatePreviewPanel } from './template-preview-panel.tsx'
import { useTopics } from './use-topics.ts'

interface TemplateEditorProps {
  /** As it was read last; null: a new one. */
  readonly template: Template | null
}

const valuesOf = (template: Template | null) => ({
  name: template?.name ?? '',
  subject: template?.subject ?? '',
  mjml: template?.mjml ?? starterMjml,
  text: template?.text ?? '',
  topic: template?.topic ?? '',
})
type Values = ReturnType<typeof valuesOf>

const draftOf = (values: Values): TemplateDraft => ({
  ...values,
  text: values.text.trim() === '' ? null : values.text,
})

/** Writes a template beside its preview as a real person gets it. */
export const TemplateEditor = ({ template: newest }: TemplateEditorProps) => {
  const t = useTexts()
  const navigate = useNavigate()
  const { workspace } = useHere()
  const topics = useTopics()
  const [isHistoryOpen, history] = useDisclosure(false)
  const form = useForm({
    initialValues: valuesOf(newest),
    validate: {
      name: (value) => (value.trim() === '' ? t('messages.tpl.nameMissing') : null),
      subject: (value) => (value.trim() === '' ? t('messages.tpl.subjectMissing') : null),
      mjml: (value) => (value.trim() === '' ? t('messages.tpl.mjmlMissing') : null),
      topic: (value) => (value === '' ? t('messages.tpl.topicMissing') : null),
    },
  })
  const queries = useQueryClient()
  const path = newest === null ? undefined : `/v1/templates/${newest.templateId}`
  const save = useAction({
    run: ({ values, base }: { values: Values; base: Template | null }) =>
      base === null
        ? api.post('/v1/templates', draftOf(values), templateSchema)
        : api.put(
            `/v1/templates/${base.templateId}`,
            { ...draftOf(values), expectedUpdatedAt: base.updatedAt } satisfies TemplateChange,
            templateSchema,
          ),
    refreshes: ['/v1/templates'],
    ...(path === undefined ? {} : { answers: path }),
    done: t('messages.tpl.created'),
    quiet: true,
    onDone: (saved, { values }) => {
      if (newest !== null) return edit.saved(saved, values)
      form.resetDirty(values)
      const params = { templateId: saved.templateId }
      void navigate({ to: '/messages/templates/$templateId', params, ignoreBlocker: true })
    },
    onFailed: (error) => {
      if (isConflict(error)) void queries.invalidateQueries({ queryKey: apiKey(workspace.id, path ?? '') })
    },
  })
  // The text that stands here is of `template`, which may be older than the newest one.
  const edit = useFormBase({ form, newest, valuesOf, isSaving: save.isPending, whenEdited: 'ask' })
  const template = edit.base
  const draft = draftOf(form.values)
  // One at a time: a second one would be of the version that the first one replaces.
  const submit = form.onSubmit((values) => {
    if (!save.isPending) save.mutate({ values, base: template })
  })
  const settle = (choose: () => void) => () => {
    save.reset()
    choose()
  }
  const failure = save.error === null || (edit.isBehind && isConflict(save.error)) ? null : save.error
  useUnsaved(form.isDirty())
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
                onDeleted={() => void navigate({ to: '/messages/templates', ignoreBlocker: true })}
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
            // Then nothing is unsaved, and what was restored takes its place.
            onRestored={() => {
              form.reset()
              history.close()
            }}
          />
        </Drawer>
      )}
      {failure === null ? null : <ErrorPanel error={failure} />}
      {newest !== null && edit.isBehind ? (
        <ChangedMeanwhile
          title={t('messages.tpl.behind', { version: newest.version })}
          onLoad={settle(edit.load)}
          onKeep={settle(edit.keep)}
        />
      ) : null}
      <Grid gap="md" mt={failure === null && !edit.isBehind ? 0 : 'sm'}>
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

const isConflict = (error: Error): boolean => error instanceof ApiError && error.code === 'conflict'

/** A topic that was taken out of the policy stays visible where it is used. */
const withOwn = (topics: readonly { readonly value: string; readonly label: string }[], own: string) =>
  own === '' || topics.some(({ value }) => value === own) ? [...topics] : [...topics, { value: own, label: own }]
