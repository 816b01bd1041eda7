import { lifeCycleView, type PhaseKey } from '@baton/contract'
import { useMemo } from 'react'
import { useApi } from '../api/use-api.ts'
import { spellOut } from '../texts/use-texts.ts'

export interface KnownState {
  readonly title: string
  /** Null: outside the five phases, or not known to this life cycle. */
  readonly phase: PhaseKey | null
}

/** The workspace's life cycle with a look-up of its states; `stateOf` spells out what it does not know. */
export const useLifeCycle = (options: { readonly refetchMs?: number } = {}) => {
  const answer = useApi('/v1/life-cycle', lifeCycleView, options)
  const { data } = answer
  const stateOf = useMemo(() => {
    const known = new Map(
      (data?.tracks ?? []).flatMap(({ track, states }) =>
        states.map(({ state, title, phase }): [string, KnownState] => [`${track}:${state}`, { title, phase }]),
      ),
    )
    return (track: string, state: string): KnownState =>
      known.get(`${track}:${state}`) ?? { title: spellOut(state), phase: null }
  }, [data])
  return { view: data, error: answer.error, isLoading: answer.isPending, refetch: answer.refetch, stateOf }
}
