import type { LifeCycleView, PhaseKey } from '@baton/contract'
import { brandAs, type PersonId } from './kernel/index.ts'
import { type LifeCycle, stateDetailsLens, statesLens } from './lifecycle/index.ts'
import type { PersonLenses } from './people/index.ts'
import { type Segments, segmentRuleKey } from './segments/index.ts'

/** What the rooms below people know of a person, for the people pages. */
export const personLenses = ({
  segments,
  lifeCycle,
}: {
  readonly segments: Segments
  readonly lifeCycle: LifeCycle
}): PersonLenses => ({
  statesOf: statesLens(lifeCycle),
  stateDetails: stateDetailsLens(lifeCycle),
  membersOf: async (workspaceId, of, { cursor, limit }) => {
    const page = { after: cursor === undefined ? null : brandAs<PersonId>(cursor), limit }
    if ('segmentId' in of) {
      const ruleKey = segmentRuleKey(of.segmentId)
      const [persons, { byRule }] = await Promise.all([
        segments.membersOf(workspaceId, ruleKey, page),
        segments.counts(workspaceId, [ruleKey]),
      ])
      return { persons, next: nextOf(persons, limit), total: byRule.get(ruleKey) ?? 0 }
    }
    const [rows, { tracks }] = await Promise.all([
      lifeCycle.peopleIn(workspaceId, { ...of, atRisk: null }, page),
      lifeCycle.view(workspaceId),
    ])
    const persons = rows.map(({ personId }) => personId)
    const state = tracks.find(({ track }) => track === of.track)?.states.find((each) => each.state === of.state)
    return { persons, next: nextOf(persons, limit), total: state?.count ?? 0 }
  },
})

const nextOf = (persons: readonly PersonId[], limit: number): string | null =>
  persons.length < limit ? null : (persons.at(-1) ?? null)

/** A person's phase is that of her conversion state. */
export const peopleByPhase = ({ tracks }: Pick<LifeCycleView, 'tracks'>): ReadonlyMap<PhaseKey, number> => {
  const counts = new Map<PhaseKey, number>()
  for (const { phase, count } of tracks.find(({ track }) => track === 'conversion')?.states ?? [])
    if (phase !== null) counts.set(phase, (counts.get(phase) ?? 0) + count)
  return counts
}
