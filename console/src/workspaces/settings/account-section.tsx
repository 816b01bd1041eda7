import { passwordMinLength } from '@baton/contract'
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { anyAnswer, api } from '../../api/api.ts'
import { useAction } from '../../api/use-action.ts'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SectionLead } from './section-lead.tsx'

const AccountSection = () => {
  const t = useTexts()
  const { user } = useHere()
  return (
    <>
      <SectionLead>{t('settings.account.lead')}</SectionLead>
      <Stack maw={560}>
        <Panel>
          <Group justify="space-between">
            <Text c="dimmed">{t('settings.account.name')}</Text>
            <Text>{user.name}</Text>
          </Group>
          <Group justify="space-between" mt={6}>
            <Text c="dimmed">{t('settings.account.email')}</Text>
            <Text>{user.email}</Text>
          </Group>
        </Panel>
        <Panel title={t('settings.account.password')}>
          <PasswordForm email={user.email} />
        </Panel>
      </Stack>
    </>
  )
}

export default AccountSection

const PasswordForm = ({ email }: { readonly email: string }) => {
  const t = useTexts()
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      newPassword: (value) =>
        value.length < passwordMinLength ? t('settings.account.tooShort', { count: passwordMinLength }) : null,
    },
  })
  const change = useAction({
    run: (values: typeof form.values) => api.post('/api/auth/change-password', values, anyAnswer),
    done: t('settings.account.changed'),
    quiet: true,
    onDone: () => form.reset(),
  })
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="sm">
        {change.error === null ? null : <ErrorPanel error={change.error} />}
        {/* For password managers: whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label={t('settings.account.current')}
          autoComplete="current-password"
          required
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label={t('settings.account.next')}
          autoComplete="new-password"
          required
          {...form.getInputProps('newPassword')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            {t('settings.account.change')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
