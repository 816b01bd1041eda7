import { newInvitation, phaseKey, roles } from '@baton/contract'
import { Alert, Button, Group, Modal, MultiSelect, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { CommandLine } from '../../ui/empty-state.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'

interface InviteModalProps {
  readonly opened: boolean
  readonly onClose: () => void
}

export const InviteModal = ({ opened, onClose }: InviteModalProps) => {
  const t = useTexts()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('settings.members.inviteTitle')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <InviteForm onClose={onClose} />
    </Modal>
  )
}

const InviteForm = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts()
  const form = useForm({
    initialValues: { email: '', role: 'contributor' as (typeof roles)[number], phases: [] as string[] },
    validate: { email: (email) => (email.includes('@') ? null : t('settings.members.emailMissing')) },
  })
  const invite = useAction({
    run: ({ email, role, phases }: typeof form.values) =>
      api.post(
        '/v1/invitations',
        { email: email.trim(), role, scope: phases.length === 0 ? {} : { phases } },
        newInvitation,
      ),
    refreshes: ['/v1/invitations'],
    quiet: true,
  })
  if (invite.data !== undefined) {
    return (
      <Stack>
        <Alert color="teal">{t('settings.members.inviteDone')}</Alert>
        <CommandLine command={`${window.location.origin}${invite.data.path}`} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('settings.keys.done')}</Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form onSubmit={form.onSubmit((values) => invite.mutate(values))}>
      <Stack>
        <Text c="dimmed">{t('settings.members.inviteLead')}</Text>
        {invite.error === null ? null : <ErrorPanel error={invite.error} />}
        <TextInput
          label={t('settings.members.email')}
          type="email"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <NativeSelect
          label={t('settings.members.role')}
          description={t(`settings.roleLeads.${form.values.role}`)}
          data={roles.map((role) => ({ value: role, label: t(`settings.roles.${role}`) }))}
          {...form.getInputProps('role')}
        />
        {form.values.role === 'phase-owner' ? (
          <MultiSelect
            label={t('settings.members.phases')}
            description={t('settings.members.phasesHint')}
            data={phaseKey.options.map((value) => ({ value, label: t(`journeys.phases.${value}`) }))}
            {...form.getInputProps('phases')}
          />
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={invite.isPending}>
            {t('settings.members.inviteButton')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
