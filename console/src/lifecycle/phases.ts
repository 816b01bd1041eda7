import type { lifeCycleView, PhaseKey } from '@baton/contract'
import type { z } from 'zod'

export type LifeCycleView = z.output<typeof lifeCycleView>
export type TrackView = LifeCycleView['tracks'][number]
export type StateView = TrackView['states'][number]

/** The five phases in their order; what lies outside comes last. */
export const phaseOrder: readonly (PhaseKey | null)[] = [
  'contact',
  'consideration',
  'purchase',
  'post-purchase',
  'loyalty',
  null,
]

/** How far towards loyalty: outside is below the first phase; within one, the track's own order counts. */
export const depthOf = (states: readonly Pick<StateView, 'state' | 'phase'>[], state: string | null): number => {
  const index = states.findIndex((one) => one.state === state)
  const found = states[index]
  if (found === undefined) return -100
  const phase = found.phase === null ? -1 : phaseOrder.indexOf(found.phase)
  return phase * 20 + index
}

export const directionOf = (
  states: readonly Pick<StateView, 'state' | 'phase'>[],
  from: string | null,
  to: string,
): 'up' | 'down' | 'level' => {
  const distance = depthOf(states, to) - depthOf(states, from)
  if (distance === 0) return 'level'
  return distance > 0 ? 'up' : 'down'
}
