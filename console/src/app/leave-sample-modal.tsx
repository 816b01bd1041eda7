import { leftSample } from '@baton/contract'
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../api/api.ts'
import { useRefreshSession } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { chooseWorkspace } from '../api/workspace-choice.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { newWorkspace, WorkspaceFields } from '../workspaces/workspace-fields.tsx'

/** "Start with my own data": the sample is emptied, a workspace of one's own takes its place. */
export const LeaveSampleModal = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const t = useTexts()
  const navigate = useNavigate()
  const refreshSession = useRefreshSession()
  const form = useForm({
    initialValues: newWorkspace(),
    validate: { workspaceName: (value) => (value.trim() === '' ? t('start.workspace.nameMissing') : null) },
  })
  const leave = useAction({
    run: ({ workspaceName, currency, timeZone }: typeof form.values) =>
      api.post('/v1/sample/leave', { workspace: { name: workspaceName.trim(), currency, timeZone } }, leftSample),
    quiet: true,
    done: t('shell.sample.emptied'),
    onDone: async ({ workspaceId }) => {
      await refreshSession()
      chooseWorkspace(workspaceId)
      onClose()
      await navigate({ to: '/' })
    },
  })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('shell.sample.leave')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={form.onSubmit((values) => leave.mutate(values))}>
        <Stack>
          {leave.error === null ? null : <ErrorPanel error={leave.error} />}
          <WorkspaceFields form={form} />
          <Alert color="yellow">
            <Text>{t('shell.sample.leaveLead')}</Text>
          </Alert>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={leave.isPending}>
              {t('shell.sample.leaveConfirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
