import { Alert } from '@mantine/core'
import { ApiError } from '../api/api-error.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'

/** The two refusals everybody meets are said plainly; anything else with its code. */
export const SignInFailure = ({ error }: { readonly error: Error }) => {
  const t = useTexts()
  const status = error instanceof ApiError ? error.status : 0
  if (status === 401) return <Alert color="red">{t('start.signIn.wrong')}</Alert>
  if (status === 429) return <Alert color="yellow">{t('start.signIn.slowDown')}</Alert>
  return <ErrorPanel error={error} />
}
