import { sql } from 'kysely'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Identifier, IdentifierKind } from './identifiers.ts'
import type { Parting, PersonShape, ResolvedIdentity } from './resolve-identity.ts'

export interface SeenIdentifier {
  readonly kind: IdentifierKind
  readonly value: string
  readonly subjectId: SubjectId
  readonly personId: PersonId
}

/** The subject and present person of each identifier that was seen before. */
export const findIdentifiers = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  identifiers: readonly Identifier[],
): Promise<readonly SeenIdentifier[]> => {
  if (identifiers.length === 0) return []
  const { rows } = await sql<SeenIdentifier>`
    select i.kind, i.value, i.subject_id as "subjectId", s.person_id as "personId"
    from unnest(${identifiers.map((each) => each.kind)}::text[], ${identifiers.map((each) => each.value)}::text[]) wanted(kind, value)
    join identifier i on i.workspace_id = ${workspaceId} and i.kind = wanted.kind and i.value = wanted.value
    join subject s on s.workspace_id = i.workspace_id and s.subject_id = i.subject_id`.execute(tx)
  return rows
}

interface ShapeRow {
  readonly personId: PersonId
  readonly firstSeenAt: Instant
  readonly subjects: readonly SubjectId[]
  readonly kinds: readonly (IdentifierKind | null)[]
  readonly values: readonly (string | null)[]
}

const shapeColumns = sql`
  s.person_id as "personId", min(s.first_seen_at) as "firstSeenAt", array_agg(distinct s.subject_id) as subjects,
  array_agg(i.kind order by i.kind, i.value) as kinds, array_agg(i.value order by i.kind, i.value) as values`

const shapesOf = (workspaceId: WorkspaceId, persons: readonly PersonId[]) => sql`
  from subject s left join identifier i on i.workspace_id = s.workspace_id and i.subject_id = s.subject_id
  where s.workspace_id = ${workspaceId} and s.person_id = any(${persons}::uuid[])
  group by s.person_id`

const toShape = ({ kinds, values, ...row }: ShapeRow): Omit<PersonShape, 'partings'> => ({
  personId: row.personId,
  firstSeenAt: row.firstSeenAt,
  subjects: row.subjects,
  identifiers: kinds.flatMap((kind, index) => {
    const value = values[index]
    return kind && value ? [{ kind, value }] : []
  }),
})

/** Subjects, identifiers and age of persons. */
export const loadShapes = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, Omit<PersonShape, 'partings'>>> => {
  if (persons.length === 0) return new Map()
  const { rows } = await sql<ShapeRow>`select ${shapeColumns} ${shapesOf(workspaceId, persons)}`.execute(tx)
  return new Map(rows.map((row) => [row.personId, toShape(row)]))
}

/** The same of persons who may be about to merge, with what staff parted them from. */
export const loadShapesToMerge = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, PersonShape>> => {
  if (persons.length === 0) return new Map()
  const { rows } = await sql<ShapeRow & { partings: readonly Parting[] }>`
    select ${shapeColumns}, coalesce((
        select jsonb_agg(distinct jsonb_build_object('mergeId', p.merge_id, 'side', p.side)) from parted_subject p
        where p.workspace_id = ${workspaceId} and p.subject_id = any(array_agg(s.subject_id))), '[]') as partings
    ${shapesOf(workspaceId, persons)}`.execute(tx)
  return new Map(rows.map((row) => [row.personId, { ...toShape(row), partings: row.partings }]))
}

/** Writes what `resolveIdentity` found: subjects, identifiers, merges in order, conflicts. */
export const saveIdentity = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  resolved: ResolvedIdentity,
  write: { position: Position; newMergeId: () => string },
): Promise<void> => {
  const { newSubjects, newIdentifiers, merges, conflicts } = resolved
  if (newSubjects.length > 0)
    await sql`
      insert into subject (workspace_id, subject_id, person_id, first_seen_at)
      select ${workspaceId}, * from unnest(${newSubjects.map((each) => each.subjectId)}::uuid[],
        ${newSubjects.map((each) => each.personId)}::uuid[], ${newSubjects.map((each) => each.firstSeenAt)}::bigint[])`.execute(
      tx,
    )
  if (newIdentifiers.length > 0)
    await sql`
      insert into identifier (workspace_id, kind, value, subject_id, first_seen_at)
      select ${workspaceId}, * from unnest(${newIdentifiers.map((each) => each.identifier.kind)}::text[],
        ${newIdentifiers.map((each) => each.identifier.value)}::text[], ${newIdentifiers.map((each) => each.subjectId)}::uuid[],
        ${newIdentifiers.map((each) => each.firstSeenAt)}::bigint[])`.execute(tx)
  if (merges.length > 0) await saveMerges(tx, workspaceId, merges, write)
  if (conflicts.length > 0)
    await sql`
      insert into identity_conflict (workspace_id, person_id, other_person_id, reason, first_at)
      select ${workspaceId}, * from unnest(${conflicts.map((each) => each.personId)}::uuid[],
        ${conflicts.map((each) => each.other)}::uuid[], ${conflicts.map((each) => each.reason)}::text[],
        ${conflicts.map((each) => each.at)}::bigint[])
      on conflict do nothing`.execute(tx)
}

const saveMerges = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  merges: ResolvedIdentity['merges'],
  write: { position: Position; newMergeId: () => string },
): Promise<void> => {
  const finalPerson = new Map<SubjectId, PersonId>()
  for (const merge of merges) for (const subject of merge.movedSubjects) finalPerson.set(subject, merge.winner)
  await sql`
    update subject s set person_id = moved.person_id
    from unnest(${[...finalPerson.keys()]}::uuid[], ${[...finalPerson.values()]}::uuid[]) moved(subject_id, person_id)
    where s.workspace_id = ${workspaceId} and s.subject_id = moved.subject_id`.execute(tx)
  const rows = merges.map((merge) => ({
    merge_id: write.newMergeId(),
    at: merge.at,
    reason: merge.reason,
    winner: merge.winner,
    loser: merge.loser,
    subjects: merge.movedSubjects,
  }))
  await sql`
    insert into person_merge (workspace_id, merge_id, at, position, reason, winner_person_id, loser_person_id, moved_subjects)
    select ${workspaceId}, merge_id, at, ${write.position}, reason, winner, loser, subjects
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row(merge_id uuid, at bigint, reason text, winner uuid, loser uuid, subjects uuid[])`.execute(tx)
}

/**
 * Takes a merge back: its subjects return to the person they were, and both sides are kept as parted. Null: no such open
 * merge, or a later one moved its subjects on, which has to be undone first.
 */
export const undoMerge = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  undo: { mergeId: string; actor: string; at: Instant },
): Promise<{ winner: PersonId; loser: PersonId; subjects: readonly SubjectId[] } | null> => {
  const { rows } = await sql<{ winner: PersonId; loser: PersonId; subjects: SubjectId[] }>`
    update person_merge m set undone_at = ${undo.at}, undone_by = ${undo.actor}
    where workspace_id = ${workspaceId} and merge_id = ${undo.mergeId} and undone_at is null and not exists (
      select 1 from subject s
      where s.workspace_id = ${workspaceId} and s.subject_id = any(m.moved_subjects) and s.person_id <> m.winner_person_id)
    returning winner_person_id as winner, loser_person_id as loser, moved_subjects as subjects`.execute(tx)
  const merge = rows[0]
  if (!merge) return null
  const { rows: returned } = await sql<{ subjectId: SubjectId }>`
    update subject set person_id = ${merge.loser}
    where workspace_id = ${workspaceId} and subject_id = any(${merge.subjects}::uuid[])
    returning subject_id as "subjectId"`.execute(tx)
  await sql`
    insert into parted_subject (workspace_id, subject_id, merge_id, side)
    select workspace_id, subject_id, ${undo.mergeId}, case person_id when ${merge.winner} then 'kept' else 'returned' end
    from subject
    where workspace_id = ${workspaceId} and person_id = any(${[merge.winner, merge.loser]}::uuid[])`.execute(tx)
  return { ...merge, subjects: returned.map((row) => row.subjectId) }
}

/** Who holds what a merge moved, where a later merge moved it on; null where the merge can be undone. */
export const holderSince = async (tx: Tx, workspaceId: WorkspaceId, mergeId: string): Promise<PersonId | null> => {
  const { rows } = await sql<{ personId: PersonId }>`
    select s.person_id as "personId" from person_merge m
    join subject s on s.workspace_id = m.workspace_id and s.subject_id = any(m.moved_subjects)
    where m.workspace_id = ${workspaceId} and m.merge_id = ${mergeId} and s.person_id <> m.winner_person_id
    limit 1`.execute(tx)
  return rows[0]?.personId ?? null
}

/** All subjects of each person. */
export const subjectsOfPersons = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, readonly SubjectId[]>> => {
  if (persons.length === 0) return new Map()
  const { rows } = await sql<{ personId: PersonId; subjects: SubjectId[] }>`
    select person_id as "personId", array_agg(subject_id::text order by subject_id) as subjects from subject
    where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[]) group by person_id`.execute(tx)
  return new Map(rows.map((row) => [row.personId, row.subjects]))
}

/** The present person of each subject. */
export const personsOfSubjects = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
): Promise<ReadonlyMap<SubjectId, PersonId>> => {
  if (subjects.length === 0) return new Map()
  const { rows } = await sql<{ subjectId: SubjectId; personId: PersonId }>`
    select subject_id as "subjectId", person_id as "personId" from subject
    where workspace_id = ${workspaceId} and subject_id = any(${subjects}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.subjectId, row.personId]))
}
