import { newKey } from '@baton/contract'
import { useNavigate } from '@tanstack/react-router'
import { anyAnswer, api } from '../api/api.ts'
import { ApiError } from '../api/api-error.ts'
import { signIn, useRefreshSession } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { chooseWorkspace } from '../api/workspace-choice.ts'
import type { WorkspaceValues } from './workspace-fields.tsx'

export interface FirstRunValues extends WorkspaceValues {
  readonly token: string
  readonly name: string
  readonly email: string
  readonly password: string
}

export type FirstRunChoice = FirstRunValues & { readonly data: 'sample' | 'own' }

const toRequest = (choice: FirstRunChoice) => ({
  token: choice.token.trim(),
  name: choice.name.trim(),
  email: choice.email.trim(),
  password: choice.password,
  ...(choice.data === 'sample'
    ? {}
    : { workspace: { name: choice.workspaceName.trim(), currency: choice.currency, timeZone: choice.timeZone } }),
})

/** Null where none could be made: the page then says where to make one. */
const makeWriteKey = async (name: string): Promise<string | null> => {
  try {
    return (await api.post('/v1/write-keys', { name }, newKey)).key
  } catch {
    return null
  }
}

interface FinishOptions {
  readonly onOwnData: () => void
  readonly onTokenRefused: (message: string) => void
}

/** Makes the account and the workspace, signs in, and goes home (sample) or on to the first event (own data). */
export const useFinishFirstRun = ({ onOwnData, onTokenRefused }: FinishOptions) => {
  const refreshSession = useRefreshSession()
  const navigate = useNavigate()
  const run = async (choice: FirstRunChoice): Promise<{ readonly writeKey: string | null }> => {
    await api.post('/v1/first-run', toRequest(choice), anyAnswer)
    const seen = await refreshSession()
    if (seen.kind !== 'signed-in') await signIn(choice.email.trim(), choice.password)
    const answer = seen.kind === 'signed-in' ? seen : await refreshSession()
    if (choice.data === 'sample' || answer.kind !== 'signed-in') return { writeKey: null }
    const own = answer.session.workspaces.find((workspace) => !workspace.isSample)
    if (own === undefined) return { writeKey: null }
    chooseWorkspace(own.id)
    return { writeKey: await makeWriteKey(own.name) }
  }
  return useAction({
    run,
    onFailed: (error) => {
      if (error instanceof ApiError && error.code === 'token-invalid')
        onTokenRefused([error.message, error.remedy].join(' '))
    },
    quiet: true,
    onDone: (_done, choice: FirstRunChoice) => {
      if (choice.data === 'own') onOwnData()
      else void navigate({ to: '/', replace: true })
    },
  })
}
