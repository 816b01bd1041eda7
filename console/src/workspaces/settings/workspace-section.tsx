import { type WorkspaceAnswer, type WorkspaceDraft, workspace as workspaceSchema } from '@baton/contract'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { api } from '../../api/api.ts'
import { useRefreshSession } from '../../api/session.ts'
import { useAction } from '../../api/use-action.ts'
import { useApi } from '../../api/use-api.ts'
import { PagePending } from '../../app/page-pending.tsx'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { changedFields } from '../../ui/changed-fields.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useFormBase } from '../../ui/use-form-base.ts'
import { useUnsaved } from '../../ui/use-unsaved.ts'
import { When } from '../../ui/when.tsx'
import { newWorkspace, WorkspaceFields, type WorkspaceValues } from '../workspace-fields.tsx'
import { SectionLead } from './section-lead.tsx'

const WorkspaceSection = () => {
  const t = useTexts()
  const { workspaces } = useHere()
  const { data, error, refetch } = useApi('/v1/workspace', workspaceSchema)
  const failed = error === null ? null : <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failed ?? <PagePending />
  return (
    <>
      <SectionLead>{t('settings.workspace.lead')}</SectionLead>
      <Stack maw={560}>
        {failed}
        <Panel>
          <WorkspaceForm key={data.workspaceId} known={data} />
        </Panel>
        <Panel>
          <Group justify="space-between">
            <Text c="dimmed">{t('settings.workspace.id')}</Text>
            <Copyable value={data.workspaceId} what={t('settings.workspace.id')} />
          </Group>
          <Group justify="space-between" mt={6}>
            <Text c="dimmed">{t('settings.workspace.made')}</Text>
            <When at={data.createdAt} />
          </Group>
        </Panel>
        {workspaces.some(({ role }) => role === 'owner') ? <AnotherWorkspace /> : null}
      </Stack>
    </>
  )
}

export default WorkspaceSection

const valuesOf = ({ name, currency, timeZone }: WorkspaceAnswer): WorkspaceValues => ({
  workspaceName: name,
  currency,
  timeZone,
})

/** Only what was changed: the rest may have been changed by somebody else. */
const changeOf = (values: WorkspaceValues, before: WorkspaceValues): Partial<WorkspaceDraft> => {
  const { workspaceName, ...others } = changedFields(values, before)
  return { ...others, ...(workspaceName === undefined ? {} : { name: workspaceName.trim() }) }
}

const WorkspaceForm = ({ known }: { readonly known: WorkspaceAnswer }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const refreshSession = useRefreshSession()
  const form = useForm({
    initialValues: valuesOf(known),
    validate: { workspaceName: (name) => (name.trim() === '' ? t('start.workspace.nameMissing') : null) },
  })
  const mayWrite = workspace.permissions.includes('workspace:write')
  const save = useAction({
    run: ({ values, base }: { values: WorkspaceValues; base: WorkspaceAnswer }) =>
      api.patch('/v1/workspace', changeOf(values, valuesOf(base)), workspaceSchema),
    refreshes: ['/v1'],
    answers: '/v1/workspace',
    done: t('settings.saved'),
    quiet: true,
    onDone: async (saved, { values }) => {
      edit.saved(saved, values)
      await refreshSession()
    },
  })
  const edit = useFormBase({ form, newest: known, valuesOf, isSaving: save.isPending, whenEdited: 'merge' })
  useUnsaved(form.isDirty())
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ values, base: edit.base }))}>
      <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="sm">
          {save.error === null ? null : <ErrorPanel error={save.error} />}
          <WorkspaceFields form={form} />
          {mayWrite ? (
            <Group justify="flex-end">
              <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
                {t('settings.save')}
              </Button>
            </Group>
          ) : (
            <Text c="dimmed">{t('settings.mayNot')}</Text>
          )}
        </Stack>
      </fieldset>
    </form>
  )
}

const AnotherWorkspace = () => {
  const t = useTexts()
  const [opened, dialog] = useDisclosure(false)
  return (
    <Panel>
      <Group justify="space-between" wrap="nowrap">
        <Text c="dimmed">{t('settings.workspace.anotherLead')}</Text>
        <Button variant="default" onClick={dialog.open} style={{ flex: 'none' }}>
          {t('settings.workspace.another')}
        </Button>
      </Group>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t('settings.workspace.another')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <AnotherForm onDone={dialog.close} />
      </Modal>
    </Panel>
  )
}

const AnotherForm = ({ onDone }: { readonly onDone: () => void }) => {
  const t = useTexts()
  const refreshSession = useRefreshSession()
  const form = useForm({
    initialValues: newWorkspace(),
    validate: { workspaceName: (name) => (name.trim() === '' ? t('start.workspace.nameMissing') : null) },
  })
  const make = useAction({
    run: ({ workspaceName, currency, timeZone }: WorkspaceValues) =>
      api.post('/v1/workspaces', { name: workspaceName.trim(), currency, timeZone }, workspaceSchema),
    done: t('settings.workspace.anotherDone'),
    quiet: true,
    onDone: async () => {
      await refreshSession()
      onDone()
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => make.mutate(values))}>
      <Stack>
        {make.error === null ? null : <ErrorPanel error={make.error} />}
        <WorkspaceFields form={form} />
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending}>
            {t('settings.workspace.another')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
