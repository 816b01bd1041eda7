import { firstRunState, type Session, session as sessionSchema } from '@baton/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { anyAnswer, api } from './api.ts'
import { ApiError } from './api-error.ts'
import { chooseWorkspace, useChosenWorkspaceId } from './workspace-choice.ts'

export type { Session } from '@baton/contract'
export type SessionWorkspace = Session['workspaces'][number]

export type SessionAnswer =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'first-run' }

const sessionKey = ['session']

/** Who is here: a session, nobody, or a Baton that has no user yet. */
export const askSession = async (): Promise<SessionAnswer> => {
  try {
    return { kind: 'signed-in', session: await api.get('/v1/session', sessionSchema) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    const { needed } = await api.get('/v1/first-run', firstRunState)
    return { kind: needed ? 'first-run' : 'signed-out' }
  }
}

export const useSessionAnswer = () => useQuery({ queryKey: sessionKey, queryFn: askSession, staleTime: 60_000 })

/** The chosen workspace, or the first one when the choice is not among them. */
export const pickWorkspace = (
  workspaces: readonly SessionWorkspace[],
  chosenId: string | null,
): SessionWorkspace | undefined => workspaces.find((workspace) => workspace.id === chosenId) ?? workspaces[0]

/** Keeps the `baton-workspace` header on a workspace this person may enter. */
export const useKeepWorkspaceChosen = (answer: SessionAnswer | undefined): SessionWorkspace | undefined => {
  const chosenId = useChosenWorkspaceId()
  const workspace = answer?.kind === 'signed-in' ? pickWorkspace(answer.session.workspaces, chosenId) : undefined
  useEffect(() => {
    if (workspace !== undefined) chooseWorkspace(workspace.id)
  }, [workspace])
  return workspace?.id === chosenId ? workspace : undefined
}

export const useRefreshSession = () => {
  const queries = useQueryClient()
  return async (): Promise<SessionAnswer> => {
    await queries.invalidateQueries({ queryKey: sessionKey })
    return queries.fetchQuery({ queryKey: sessionKey, queryFn: askSession })
  }
}

export const signIn = (email: string, password: string) =>
  api.post('/api/auth/sign-in/email', { email, password }, anyAnswer)

export const signOut = () => api.post('/api/auth/sign-out', {}, anyAnswer)
