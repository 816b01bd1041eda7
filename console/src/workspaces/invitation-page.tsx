import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDocumentTitle } from '@mantine/hooks'
import { useNavigate, useParams } from '@tanstack/react-router'
import { anyAnswer, api } from '../api/api.ts'
import { useRefreshSession } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { Centered } from '../app/centered.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { accountChecks } from './account-checks.ts'
import { NameInput, NewPasswordInput } from './account-fields.tsx'

/** Whoever holds the link of an invitation gives a name and a password, and is in. */
export const InvitationPage = () => {
  const t = useTexts()
  useDocumentTitle(`${t('start.invitation.title')} · Baton`)
  const { token } = useParams({ from: '/invitation/$token' })
  const navigate = useNavigate()
  const refreshSession = useRefreshSession()
  const { name, password } = accountChecks(t)
  const form = useForm({ initialValues: { name: '', password: '' }, validate: { name, password } })
  const accept = useAction({
    run: (values: typeof form.values) => api.post('/v1/invitations/accept', { token, ...values }, anyAnswer),
    quiet: true,
    onDone: async () => {
      const answer = await refreshSession()
      await navigate({ to: answer.kind === 'signed-in' ? '/' : '/sign-in', replace: true })
    },
  })
  return (
    <Centered>
      <Paper withBorder p="xl">
        <form onSubmit={form.onSubmit((values) => accept.mutate(values))} aria-labelledby="join">
          <Stack>
            <div>
              <Title order={1} id="join">
                {t('start.invitation.title')}
              </Title>
              <Text c="dimmed">{t('start.invitation.lead')}</Text>
            </div>
            {accept.error === null ? null : <ErrorPanel error={accept.error} />}
            <NameInput form={form} />
            <NewPasswordInput form={form} />
            <Button type="submit" fullWidth loading={accept.isPending}>
              {t('start.invitation.accept')}
            </Button>
          </Stack>
        </form>
      </Paper>
    </Centered>
  )
}
