import { notifyManager, type Query, useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { ApiError } from '../api/api-error.ts'

/** It has an answer, which is shown, and the last question failed: what is shown grows old. */
export const isBehind = (query: Query): boolean =>
  query.isActive() && query.state.data !== undefined && query.state.status === 'error'

/** Of what is shown and could not be asked anew, the oldest. */
export const mostBehind = (queries: readonly Query[]): Query | null =>
  queries.filter(isBehind).toSorted((a, b) => a.state.dataUpdatedAt - b.state.dataUpdatedAt)[0] ?? null

/** Something shown was refused because nobody is signed in any more. */
export const isSessionOver = (queries: readonly Query[]): boolean =>
  queries.some((each) => each.isActive() && each.state.error instanceof ApiError && each.state.error.status === 401)

/** `look` at all questions, each time something about one of them changed; its answer must be the same while nothing is new. */
export const useQueriesSeen = <T>(look: (queries: readonly Query[]) => T): T => {
  const cache = useQueryClient().getQueryCache()
  const subscribe = useCallback((changed: () => void) => cache.subscribe(notifyManager.batchCalls(changed)), [cache])
  return useSyncExternalStore(subscribe, () => look(cache.getAll()))
}
