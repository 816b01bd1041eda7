import { setTimeout as delay } from 'node:timers/promises'
import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Standing, Work } from './find-work.ts'
import { type Looked, lookAtPeople, lookAtSlice } from './look-at.ts'
import { revisionOf, slottedRules } from './rule-versions.ts'
import { beginBeside, type SlicesBeside, takeBeside } from './slices-beside.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'

/** Where nothing but a slice is waited for, new facts wait at most so long for the wait to end. */
const sliceWaitMs = 50

export interface LookedAtWork extends Looked {
  /** True: the recount's slice is done with this tick. */
  readonly sliced: boolean
}

/**
 * Asks for all rules and all people of a tick. A recount's slice is looked at in the turn where there is nothing else to
 * do, and beside the ticks where there is. Null: nothing but a slice is under way, and it is not ready.
 */
export const lookAtWork = async (
  deps: SegmentsStageDeps,
  slices: SlicesBeside,
  workspaceId: WorkspaceId,
  { state, rules, projected, work }: Standing & { readonly work: Work },
): Promise<LookedAtWork | null> => {
  const slotted = slottedRules(rules)
  const query = { workspaceId, now: work.now, batch: projected.batch }
  const revision = revisionOf(rules)
  const { slice } = work
  const hasFacts = work.batches.length > 0
  const persons = new Set(work.persons)

  let begun = slices.of(workspaceId, { tick: state.number, revision })
  let found: Looked | null = null
  if (begun !== undefined && slice !== null) {
    if (!hasFacts) await Promise.race([begun.ended, delay(sliceWaitMs)])
    const { outcome } = begun
    if (outcome === null && isNothingElse(state, work)) return null
    if (outcome !== null && 'failure' in outcome) {
      slices.drop(workspaceId)
      throw outcome.failure
    }
    if (outcome !== null) {
      const taken = takeBeside(outcome.looked, begun.touched, work.now)
      found = taken.found
      for (const personId of taken.again) persons.add(personId)
    }
  } else if (slice !== null && hasFacts) {
    const look = lookAtSlice(deps, slotted, query, slice, true)
    begun = beginBeside(slice, { revision, tick: state.number, look })
    slices.keep(workspaceId, begun)
  }
  const isSliceOfTurn = slice !== null && begun === undefined
  const isEverybody = isSliceOfTurn && slice.after === null && slice.upTo === null
  const [ofPeople, ofSlice] = await Promise.all([
    persons.size === 0 || isEverybody ? null : lookAtPeople(deps, slotted, query, [...persons]),
    isSliceOfTurn ? lookAtSlice(deps, slotted, query, slice, false) : found,
  ])
  if (begun !== undefined) for (const personId of persons) begun.touched.add(personId)
  if (ofPeople?.everybody) return { ...ofPeople, sliced: slice !== null }
  return { ...joined(ofPeople, ofSlice, persons), sliced: ofSlice !== null }
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
