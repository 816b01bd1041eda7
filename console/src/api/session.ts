import { firstRunState, type Session, session as sessionSchema } from '@baton/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { anyAnswer, api, type CallOptions } from './api.ts'
import { ApiError } from './api-error.ts'
import { type Away, askAgainMs, askOrNamePart } from './away.ts'
import { chooseWorkspace, useChosenWorkspaceId } from './workspace-choice.ts'

export type { Session } from '@baton/contract'
export type SessionWorkspace = Session['workspaces'][number]

export type SessionAnswer =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'first-run' }
  | Away

const sessionKey = ['session']

/** Who is here: a session, nobody, or a Baton that has no user yet. */
const askSession = async (options: CallOptions = {}): Promise<Exclude<SessionAnswer, Away>> => {
  try {
    return { kind: 'signed-in', session: await api.get('/v1/session', sessionSchema, options) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    const { needed } = await api.get('/v1/first-run', firstRunState, options)
    return { kind: needed ? 'first-run' : 'signed-out' }
  }
}

/**
 * How soon to ask again who is here, false: not of itself. While a part is away until it is known; while a workspace
 * lives at a time of its own because the server moves that on, and lets go of it when the sample is filled.
 */
export const askSessionAgainMs = (answer: SessionAnswer | undefined): number | false => {
  const isClockMoving =
    answer?.kind === 'signed-in' && answer.session.workspaces.some(({ clockAt }) => clockAt !== null)
  return answer?.kind === 'away' || isClockMoving ? askAgainMs : false
}

/** Who is here, or which part of Baton is away. Who is inside stays there meanwhile. */
export const useSessionAnswer = () =>
  useQuery<SessionAnswer>({
    queryKey: sessionKey,
    queryFn: ({ client, signal }) => {
      const former = client.getQueryData<SessionAnswer>(sessionKey)
      const isInside = former?.kind === 'signed-in' || former?.kind === 'first-run'
      return isInside ? askSession({ signal }) : askOrNamePart(askSession, signal)
    },
    staleTime: 60_000,
    refetchInterval: ({ state }) => askSessionAgainMs(state.data),
  })

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

/** Asks anew who is here, in its own time. */
export const useAskSession = () => {
  const queries = useQueryClient()
  return useCallback(() => void queries.invalidateQueries({ queryKey: sessionKey }), [queries])
}

export const useRefreshSession = () => {
  const queries = useQueryClient()
  return async (): Promise<SessionAnswer> => {
    await queries.invalidateQueries({ queryKey: sessionKey })
    return queries.fetchQuery<SessionAnswer>({ queryKey: sessionKey, queryFn: ({ signal }) => askSession({ signal }) })
  }
}

const signInWithinMs = 15_000

export const signIn = (email: string, password: string) =>
  api.post('/api/auth/sign-in/email', { email, password }, anyAnswer, { limitMs: signInWithinMs })

export const signOut = () => api.post('/api/auth/sign-out', {}, anyAnswer)
