import type { PersonConflict } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface ListedPerson {
  readonly personId: PersonId
  readonly firstSeenAt: Instant
}

/**
 * Persons whose own words begin with every word asked for, newest first. `offset 0`: one look-up for each of those found;
 * left free, the planner reads everybody instead, newest first, until a page is full.
 */
export const searchPersons = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  words: readonly string[],
  page: { after: ListedPerson | null; limit: number },
): Promise<readonly ListedPerson[]> => {
  const matching = words.map(
    (word) => sql`
      select person_id from person_token
      where workspace_id = ${workspaceId} and token >= ${word} and token < ${`${word}\u{10ffff}`}`,
  )
  const { rows } = await sql<ListedPerson>`
    with found as materialized (select distinct person_id from (${sql.join(matching, sql` intersect `)}) matching limit 5000)
    select s.person_id as "personId", s.first_seen_at as "firstSeenAt" from found
    cross join lateral (
      select person_id, first_seen_at from subject
      where workspace_id = ${workspaceId} and subject_id = found.person_id and person_id = found.person_id offset 0
    ) s
    where true
      ${beyond(page.after)}
    order by s.first_seen_at desc, s.person_id desc limit ${page.limit}`.execute(tx)
  return rows
}

/** All persons, newest first. */
export const listPersons = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { after: ListedPerson | null; limit: number },
): Promise<readonly ListedPerson[]> => {
  const { rows } = await sql<ListedPerson>`
    select s.person_id as "personId", s.first_seen_at as "firstSeenAt" from subject s
    where s.workspace_id = ${workspaceId} and s.subject_id = s.person_id ${beyond(page.after)}
    order by s.first_seen_at desc, s.person_id desc limit ${page.limit}`.execute(tx)
  return rows
}

const beyond = (after: ListedPerson | null) =>
  after ? sql`and (s.first_seen_at, s.person_id) < (${after.firstSeenAt}, ${after.personId}::uuid)` : sql``

export const countPersons = async (tx: Tx, workspaceId: WorkspaceId): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from subject where workspace_id = ${workspaceId} and subject_id = person_id`.execute(tx)
  return Number(rows[0]?.count ?? 0)
}

export interface MergeRow {
  readonly mergeId: string
  readonly at: Instant
  readonly reason: string
  readonly winnerPersonId: PersonId
  readonly loserPersonId: PersonId
  readonly subjects: number
  readonly undoneAt: Instant | null
  readonly undoneBy: string | null
}

const mergeColumns = sql`
  merge_id as "mergeId", at, reason, winner_person_id as "winnerPersonId", loser_person_id as "loserPersonId",
  cardinality(moved_subjects) as subjects, undone_at as "undoneAt", undone_by as "undoneBy"`

/** Merges that made, or once touched, a person; newest first. */
export const mergesOf = async (tx: Tx, workspaceId: WorkspaceId, personId: PersonId): Promise<readonly MergeRow[]> => {
  const { rows } = await sql<MergeRow>`
    select ${mergeColumns} from person_merge
    where workspace_id = ${workspaceId} and (winner_person_id = ${personId} or loser_person_id = ${personId})
    order by at desc limit 200`.execute(tx)
  return rows
}

export interface ConflictRow {
  /** Who the other is today. */
  readonly personId: PersonId
  readonly reason: PersonConflict['reason']
  readonly firstAt: Instant
}

/** People whom her identifiers also led to, now or as those she was merged of, and who are somebody else; newest first. */
export const conflictsOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  personId: PersonId,
  limit = 50,
): Promise<readonly ConflictRow[]> => {
  const { rows } = await sql<ConflictRow>`
    with hers as materialized (
      select subject_id from subject where workspace_id = ${workspaceId} and person_id = ${personId}
    ), met as (
      select other_person_id as other, reason, first_at from identity_conflict
      where workspace_id = ${workspaceId} and person_id in (select subject_id from hers)
      union all
      select person_id, reason, first_at from identity_conflict
      where workspace_id = ${workspaceId} and other_person_id in (select subject_id from hers)
    )
    select s.person_id as "personId", met.reason, min(met.first_at) as "firstAt"
    from met join subject s on s.workspace_id = ${workspaceId} and s.subject_id = met.other
    where s.person_id <> ${personId}
    group by s.person_id, met.reason order by min(met.first_at) desc, s.person_id limit ${limit}`.execute(tx)
  return rows
}

export const findMerge = async (tx: Tx, workspaceId: WorkspaceId, mergeId: string): Promise<MergeRow | null> => {
  const { rows } = await sql<MergeRow>`
    select ${mergeColumns} from person_merge where workspace_id = ${workspaceId} and merge_id = ${mergeId}`.execute(tx)
  return rows[0] ?? null
}
