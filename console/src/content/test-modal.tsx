import { templateTestAnswer } from '@baton/contract'
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'

interface TestModalProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly templateId: string
  readonly personId: string | null
}

export const TestModal = (props: TestModalProps) => {
  const t = useTexts()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('messages.tpl.testTitle')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <TestForm {...props} />
    </Modal>
  )
}

const TestForm = ({ templateId, personId, onClose }: TestModalProps) => {
  const t = useTexts()
  const { user } = useHere()
  const form = useForm({
    initialValues: { to: user.email },
    validate: { to: (to) => (to.includes('@') ? null : t('messages.tpl.testMissing')) },
  })
  const send = useAction({
    run: ({ to }: typeof form.values) =>
      api.post(
        `/v1/templates/${templateId}/test`,
        { to: to.trim(), ...(personId === null ? {} : { personId }) },
        templateTestAnswer,
      ),
    refreshes: ['/v1/mailbox'],
    quiet: true,
  })
  return (
    <form
      onSubmit={(event) => {
        // The dialog hangs in the page by a portal, but its events still reach the editor's form.
        event.stopPropagation()
        form.onSubmit((values) => send.mutate(values))(event)
      }}
    >
      <Stack>
        <Text c="dimmed">{t('messages.tpl.testLead')}</Text>
        {send.error === null ? null : <ErrorPanel error={send.error} />}
        {send.data === undefined ? null : (
          <Alert color={send.data.outcome === 'accepted' ? 'teal' : 'red'}>
            <Group gap="xs">
              <StateBadge state={send.data.outcome} />
              <Text>{send.data.detail}</Text>
            </Group>
          </Alert>
        )}
        <TextInput
          label={t('messages.tpl.testTo')}
          type="email"
          autoComplete="email"
          data-autofocus
          {...form.getInputProps('to')}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui.close')}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t('messages.tpl.testSend')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
