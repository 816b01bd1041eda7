import type { LifeCycleView, PhaseKey } from '@baton/contract'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from './http/index.ts'
import { brandAs, type PersonId } from './kernel/index.ts'
import { type LifeCycle, stateDetailsLens, statesLens } from './lifecycle/index.ts'
import type { PersonLenses } from './people/index.ts'
import { type Segments, segmentMembersLens, segmentsLens } from './segments/index.ts'
import type { Postgres } from './stores/index.ts'

/** What the rooms below people know of a person, for the people pages. */
export const personLenses = ({
  postgres,
  segments,
  lifeCycle,
}: {
  readonly postgres: Postgres
  readonly segments: Segments
  readonly lifeCycle: LifeCycle
}): PersonLenses => ({
  statesOf: statesLens(lifeCycle),
  stateDetails: stateDetailsLens(lifeCycle),
  segmentsOf: segmentsLens({ postgres, memberships: segments }),
  membersOf: async (workspaceId, of, { cursor, limit }) => {
    if ('segmentId' in of)
      return segmentMembersLens({ postgres, memberships: segments })(workspaceId, of.segmentId, { cursor, limit })
    const after = decodeCursor(personCursor, cursor)
    const page = { after: after === null ? null : brandAs<PersonId>(after[0]), limit }
    const [rows, { tracks }] = await Promise.all([
      lifeCycle.peopleIn(workspaceId, { ...of, atRisk: null }, page),
      lifeCycle.view(workspaceId),
    ])
    const persons = rows.map(({ personId }) => personId)
    const state = tracks.find(({ track }) => track === of.track)?.states.find((each) => each.state === of.state)
    return { persons, next: nextOf(persons, limit), total: state?.count ?? 0 }
  },
})

const personCursor = z.tuple([z.uuid()])
const nextOf = (persons: readonly PersonId[], limit: number): string | null => {
  const last = persons.at(-1)
  return persons.length < limit || last === undefined ? null : encodeCursor([last])
}

/** A person's phase is that of her conversion state. */
export const peopleByPhase = ({ tracks }: Pick<LifeCycleView, 'tracks'>): ReadonlyMap<PhaseKey, number> => {
  const counts = new Map<PhaseKey, number>()
  for (const { phase, count } of tracks.find(({ track }) => track === 'conversion')?.states ?? [])
    if (phase !== null) counts.set(phase, (counts.get(phase) ?? 0) + count)
  return counts
}
