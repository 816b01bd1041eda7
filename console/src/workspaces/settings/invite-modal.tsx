import { newInvitation, type Role, roles } from '@baton/contract'
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { CommandLine } from '../../ui/empty-state.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { ScopeFields } from './scope-fields.tsx'
import { everything, type ScopeValues, scopeFrom } from './scope-values.ts'

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
  const form = useForm<{ email: string; role: Role; scope: ScopeValues }>({
    initialValues: { email: '', role: 'contributor', scope: everything },
    validate: { email: (email) => (email.includes('@') ? null : t('settings.members.emailMissing')) },
  })
  const invite = useAction({
    run: ({ email, role, scope }: typeof form.values) =>
      api.post(
        '/v1/invitations',
        { email: email.trim(), role, scope: scopeFrom(role === 'owner' ? everything : scope) },
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
        <ScopeFields form={form} of="member" />
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
