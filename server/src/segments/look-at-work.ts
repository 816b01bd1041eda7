import { setTimeout as delay } from 'node:timers/promises'
import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Standing, Work } from './find-work.ts'
import { type Looked, lookAtPeople, lookAtSlice, type RulesToLookBy } from './look-at.ts'
import type { Slice } from './query-scope.ts'
import { revisionOf } from './rule-versions.ts'
import { beginBeside, type SliceBeside, type SlicesBeside, takeBeside } from './slices-beside.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import type { WorkspaceFacts } from './workspace-facts.ts'

/** Where nothing but a slice is waited for, new facts wait at most so long for the wait to end. */
const sliceWaitMs = 50

export interface LookedAtWork extends Looked {
  /** True: the recount's slice is done with this tick. */
  readonly sliced: boolean
}

/** With what a tick looks. */
export interface Lenses {
  readonly slices: SlicesBeside
  readonly memory: WorkspaceFacts
  readonly rules: RulesToLookBy
}

/** The recount's slice, as far as this tick has to do with it. */
type SliceOfTick =
  | { readonly kind: 'none' }
  /** It is looked at in the turn itself. */
  | { readonly kind: 'in-turn'; readonly slice: Slice }
  /** It is looked at beside the ticks, and not ready. */
  | { readonly kind: 'under-way'; readonly beside: SliceBeside }
  /** What was found beside, and who must be looked at anew. */
  | {
      readonly kind: 'ready'
      readonly beside: SliceBeside
      readonly found: Looked
      readonly again: readonly PersonId[]
    }

/**
 * Looks at all people of a tick by all rules. A recount's slice is looked at in the turn where there is nothing else to
 * do, and beside the ticks where there is. Null: nothing but a slice is under way, and it is not ready.
 */
export const lookAtWork = async (
  deps: SegmentsStageDeps,
  lenses: Lenses,
  workspaceId: WorkspaceId,
  standing: Standing & { readonly work: Work },
): Promise<LookedAtWork | null> => {
  const { state, projected, work } = standing
  const query = { workspaceId, now: work.now, batch: projected.batch }
  const readAt = { projected, tick: state.number }
  const slice = await sliceOfTick(deps, lenses, workspaceId, standing)
  if (slice.kind === 'under-way' && isNothingElse(state, work)) return null
  const persons = new Set(work.persons)
  if (slice.kind === 'ready') for (const personId of slice.again) persons.add(personId)
  const isEverybody = slice.kind === 'in-turn' && slice.slice.after === null && slice.slice.upTo === null
  const [ofPeople, ofSlice] = await Promise.all([
    persons.size === 0 || isEverybody
      ? null
      : lookAtPeople(deps, lenses.rules, query, [...persons], { memory: lenses.memory, readAt }),
    slice.kind === 'in-turn'
      ? lookAtSlice(deps, lenses.rules, query, slice.slice, false)
      : slice.kind === 'ready'
        ? slice.found
        : null,
  ])
  if ('beside' in slice) for (const personId of persons) slice.beside.touched.add(personId)
  if (ofPeople?.everybody) return { ...ofPeople, sliced: work.slice !== null }
  return { ...joined(ofPeople, ofSlice, persons), sliced: ofSlice !== null }
}

const sliceOfTick = async (
  deps: SegmentsStageDeps,
  { slices, rules }: Lenses,
  workspaceId: WorkspaceId,
  { state, rules: versions, projected, isBusy, work }: Standing & { readonly work: Work },
): Promise<SliceOfTick> => {
  if (work.slice === null) return { kind: 'none' }
  const revision = revisionOf(versions)
  const beside = slices.of(workspaceId, { tick: state.number, revision })
  if (beside !== undefined) return takeSlice(slices, workspaceId, beside, work)
  if (!isBusy && work.batches.length === 0) return { kind: 'in-turn', slice: work.slice }
  const query = { workspaceId, now: work.now, batch: projected.batch }
  const look = lookAtSlice(deps, rules, query, work.slice, true)
  const begun = beginBeside(work.slice, { revision, tick: state.number, look })
  slices.keep(workspaceId, begun)
  return { kind: 'under-way', beside: begun }
}

const takeSlice = async (
  slices: SlicesBeside,
  workspaceId: WorkspaceId,
  beside: SliceBeside,
  work: Work,
): Promise<SliceOfTick> => {
  if (work.batches.length === 0) await Promise.race([beside.ended, delay(sliceWaitMs)])
  const { outcome } = beside
  if (outcome === null) return { kind: 'under-way', beside }
  if ('failure' in outcome) {
    slices.drop(workspaceId)
    throw outcome.failure
  }
  return { kind: 'ready', beside, ...takeBeside(outcome.looked, beside.touched, work.now) }
}

const isNothingElse = (state: Standing['state'], work: Work): boolean =>
  work.batches.length === 0 && work.persons.size === 0 && work.live === state.live && work.bulk === state.bulk

/** Somebody may be in a slice and have new facts: then the look at her facts counts. */
const joined = (ofPeople: Looked | null, ofSlice: Looked | null, persons: ReadonlySet<PersonId>): Looked => ({
  differences: [
    ...(ofPeople?.differences ?? []),
    ...(ofSlice?.differences.filter(({ personId }) => ofPeople === null || !persons.has(personId)) ?? []),
  ],
  leafConditions: (ofPeople ?? ofSlice)?.leafConditions ?? [],
})
