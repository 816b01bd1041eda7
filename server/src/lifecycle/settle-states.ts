import type { ChangeCause, LifeCycleDefinition, StateDefinition, TrackDefinition, TrackKey } from '@baton/contract'
import type { Instant, PersonId } from '../kernel/index.ts'
import type { MaskChange } from '../segments/index.ts'
import { stateRuleKey } from './state-rules.ts'

/** Where a person stands on one track. */
export interface Standing {
  readonly track: TrackKey
  readonly state: string
  readonly since: Instant
  /** End of her grace time, or of the time of a state that comes after another. */
  readonly until: Instant | null
  readonly atRisk: boolean
}

export interface Move {
  readonly personId: PersonId
  readonly track: TrackKey
  readonly from: string | null
  readonly to: string | null
  readonly at: Instant
  readonly cause: ChangeCause
}

export interface Settled {
  readonly standings: readonly Standing[]
  readonly moves: readonly Move[]
}

/**
 * Where a person stands after a change of her rules. On each track:
 * - the highest state whose rule holds is hers; the first one if none does;
 * - a state whose evidence lapsed *by time* is kept for its grace time, at risk, unless a higher one holds;
 * - a state that `comesAfter` another is entered by leaving that one by her own act, and kept for its time;
 * - what is kept ends at its `until`, not when that is noticed.
 */
export const settleStates = (
  definition: LifeCycleDefinition,
  current: readonly Standing[],
  change: MaskChange,
  now: Instant,
): Settled => {
  const { personId, after } = change
  if (after === null)
    return {
      standings: [],
      moves: current.map(({ track, state }) => ({
        personId,
        track,
        from: state,
        to: null,
        at: change.at,
        cause: change.cause,
      })),
    }
  const standings: Standing[] = []
  const moves: Move[] = []
  for (const track of definition.tracks) {
    const old = current.find((each) => each.track === track.track) ?? null
    const next = settleTrack(track, old, { ...change, after }, now)
    standings.push(next.standing)
    if (next.moved !== null) moves.push({ personId, track: track.track, from: old?.state ?? null, ...next.moved })
  }
  return { standings, moves }
}

interface TrackSettled {
  readonly standing: Standing
  readonly moved: { readonly to: string; readonly at: Instant; readonly cause: ChangeCause } | null
}

const settleTrack = (
  { track, states }: TrackDefinition,
  old: Standing | null,
  change: MaskChange & { after: ReadonlySet<string> },
  now: Instant,
): TrackSettled => {
  const holdsFor = (keys: ReadonlySet<string> | null, { state }: StateDefinition) =>
    keys?.has(stateRuleKey(track, state)) ?? false
  const computed = Math.max(
    0,
    states.findLastIndex((state) => holdsFor(change.after, state)),
  )
  const stay = (standing: Standing): TrackSettled => ({ standing, moved: null })
  const moveTo = (index: number, at: Instant, cause: ChangeCause, until: Instant | null): TrackSettled => {
    const to = states[index]?.state ?? ''
    return { standing: { track, state: to, since: at, until, atRisk: false }, moved: { to, at, cause } }
  }
  const was = old === null ? -1 : states.findIndex(({ state }) => state === old.state)
  const state = states[was]
  if (old === null || state === undefined) return moveTo(computed, change.at, change.cause, null)

  const isKept = old.until !== null && now < old.until
  const ended = old.until !== null && now >= old.until
  const cause = ended ? 'time' : change.cause
  const at = ended ? Math.min(now, Math.max(old.until ?? now, old.since)) : change.at

  const heir = states.findIndex(({ comesAfter }) => comesAfter?.state === old.state)
  const following = states[heir]?.comesAfter
  const leavesByHerself = !holdsFor(change.after, state) && change.cause === 'behaviour'
  if (following !== undefined && leavesByHerself && heir > computed)
    return moveTo(heir, change.at, change.cause, change.at + following.forMs)

  if (computed > was) return moveTo(computed, change.at, change.cause, null)
  if (computed === was && (state.comesAfter === undefined || isKept))
    return stay(state.comesAfter === undefined ? { ...old, until: null, atRisk: false } : old)
  if (isKept) return stay(old)
  const lapsedByTime = old.until === null && change.cause === 'time' && holdsFor(change.before, state)
  if (lapsedByTime && state.graceMs > 0 && now < change.at + state.graceMs)
    return stay({ ...old, until: change.at + state.graceMs, atRisk: true })
  return computed === was ? stay({ ...old, until: null, atRisk: false }) : moveTo(computed, at, cause, null)
}
