import { Alert } from '@mantine/core'
import { ApiError } from '../api/api-error.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'

/** The two refusals everybody meets are said plainly, how long to wait by the server; anything else with its code. */
export const SignInFailure = ({ error }: { readonly error: Error }) => {
  const t = useTexts()
  if (!(error instanceof ApiError)) return <ErrorPanel error={error} />
  if (error.status === 401) return <Alert color="red">{t('start.signIn.wrong')}</Alert>
  if (error.status === 429) return <Alert color="yellow">{[error.message, error.remedy].join(' ')}</Alert>
  return <ErrorPanel error={error} />
}
