import { Button, Paper, PasswordInput, Stack, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDocumentTitle } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { isServerAway } from '../api/away.ts'
import { signIn, useRefreshSession, useSessionAnswer } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { Centered } from '../app/centered.tsx'
import { Redirect } from '../app/redirect.tsx'
import { AwayPanel } from '../operations/away-panel.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { EmailInput } from './account-fields.tsx'
import { ownPath } from './own-path.ts'
import { SignInFailure } from './sign-in-failure.tsx'

export const SignInPage = () => {
  const t = useTexts()
  useDocumentTitle(`${t('start.signIn.title')} · Baton`)
  const navigate = useNavigate()
  const next = ownPath(useSearch({ strict: false, select: (search: Readonly<Record<string, unknown>>) => search.next }))
  const refreshSession = useRefreshSession()
  const answer = useSessionAnswer()
  const form = useForm({ initialValues: { email: '', password: '' } })
  const enter = useAction({
    run: (values: typeof form.values) => signIn(values.email.trim(), values.password),
    quiet: true,
    onDone: async () => {
      await refreshSession()
      await navigate({ href: next, replace: true })
    },
    onFailed: (error) => {
      // The next answer names the part.
      if (isServerAway(error)) void answer.refetch()
    },
  })
  if (answer.data?.kind === 'first-run') return <Redirect to="/first-run" />
  if (answer.data?.kind === 'signed-in') return <Redirect to={next} />
  return (
    <Centered>
      <Paper withBorder p="xl">
        <form onSubmit={form.onSubmit((values) => enter.mutate(values))} aria-labelledby="sign-in">
          <Stack>
            <Title order={1} id="sign-in">
              {t('start.signIn.title')}
            </Title>
            {answer.data?.kind === 'away' ? (
              <AwayPanel away={answer.data} onRetry={() => void answer.refetch()} />
            ) : enter.error === null ? null : (
              <SignInFailure error={enter.error} />
            )}
            <EmailInput form={form} />
            <PasswordInput
              label={t('start.fields.password')}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('start.fields.showPassword') }}
              required
              {...form.getInputProps('password')}
            />
            <Button type="submit" fullWidth loading={enter.isPending}>
              {t('start.signIn.submit')}
            </Button>
          </Stack>
        </form>
      </Paper>
    </Centered>
  )
}
