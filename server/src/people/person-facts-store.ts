import { sql } from 'kysely'
import type { JsonObject } from '../collect/index.ts'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { foldPerson, type SubjectProfile } from './fold-traits.ts'
import type { IdentifierKind } from './identifiers.ts'
import { loadShapes } from './identity-store.ts'
import { loadProfiles } from './profile-store.ts'

/** All that is known of a person, folded over her subjects. */
export interface PersonFacts {
  readonly personId: PersonId
  /** Oldest first. */
  readonly subjects: readonly SubjectId[]
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[]
  readonly traits: JsonObject
  /** When each trait was stated. */
  readonly traitTimes: { readonly [trait: string]: Instant }
  readonly firstSeenAt: Instant
}

/** Facts of persons; one that was merged away, or never was, is missing from the answer. */
export const loadPersonFacts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, PersonFacts>> => {
  const shapes = await loadShapes(tx, workspaceId, persons)
  const subjects = [...shapes.values()].flatMap((shape) => shape.subjects)
  const profiles = await loadProfiles(tx, workspaceId, subjects)
  return new Map(
    [...shapes].map(([personId, shape]) => {
      const hers = shape.subjects.flatMap((subjectId) => {
        const profile: SubjectProfile | undefined = profiles.get(subjectId)
        return profile ? [{ subjectId, profile }] : []
      })
      const { subjects: own, identifiers, firstSeenAt } = shape
      return [personId, { personId, subjects: own, identifiers, firstSeenAt, ...foldPerson(hers) }]
    }),
  )
}

/** The person of each identifier value of a kind. */
export const findPerson = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  kind: IdentifierKind,
  value: string,
): Promise<PersonId | null> => {
  const { rows } = await sql<{ personId: PersonId }>`
    select s.person_id as "personId" from identifier i join subject s using (workspace_id, subject_id)
    where i.workspace_id = ${workspaceId} and i.kind = ${kind} and i.value = ${value}`.execute(tx)
  return rows[0]?.personId ?? null
}

/** Persons merged or parted in a range of the log (after, upTo]. */
export const personsMergedBetween = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  after: Position,
  upTo: Position,
): Promise<readonly { personId: PersonId; position: Position }[]> => {
  const { rows } = await sql<{ personId: PersonId; position: Position }>`
    select unnest(array[winner_person_id, loser_person_id]) as "personId", position from person_merge
    where workspace_id = ${workspaceId} and position > ${after} and position <= ${upTo}`.execute(tx)
  return rows
}
