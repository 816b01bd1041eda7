import { sql } from 'kysely'
import { type Unconfirmed, unconfirmed } from '../content/index.ts'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { confirmationStep } from './message-row.ts'

export const insertOwed = (
  tx: Tx,
  workspaceId: WorkspaceId,
  submission: string,
  position: Position,
  said: Unconfirmed,
) =>
  sql`
    insert into owed_confirmation (workspace_id, submission, position, unconfirmed)
    values (${workspaceId}, ${submission}, ${position}, ${JSON.stringify(said)}::jsonb)
    on conflict do nothing`.execute(tx)

/** An answer to the form, and whose it is; null: nobody's that is known. */
export interface OwedConfirmation {
  readonly submission: string
  readonly position: Position
  /** When it was received; null: it has left the log. */
  readonly answeredAt: Instant | null
  readonly subjectId: SubjectId | null
  readonly personId: PersonId | null
  readonly said: Unconfirmed
}

/** In the order of the log. What the form sends carries `form:<submission>` as an id of hers. */
export const readOwed = async (tx: Tx, workspaceId: WorkspaceId, limit: number) => {
  const { rows } = await sql<Omit<OwedConfirmation, 'said'> & { readonly said: unknown }>`
    select o.submission, o.position, o.unconfirmed as said,
      (select b.received_at from log_batch b where b.workspace_id = o.workspace_id and b.position = o.position) as "answeredAt",
      s.subject_id as "subjectId", s.person_id as "personId"
    from owed_confirmation o
    left join identifier i
      on i.workspace_id = o.workspace_id and i.kind = 'anonymousId' and i.value = 'form:' || o.submission
    left join subject s on s.workspace_id = i.workspace_id and s.subject_id = i.subject_id
    where o.workspace_id = ${workspaceId} order by o.position, o.submission limit ${limit}`.execute(tx)
  return rows.map((row): OwedConfirmation => ({ ...row, said: unconfirmed.parse(row.said) }))
}

export const deleteOwed = async (tx: Tx, workspaceId: WorkspaceId, submissions: readonly string[]) => {
  if (submissions.length === 0) return
  await sql`
    delete from owed_confirmation
    where workspace_id = ${workspaceId} and submission = any(${submissions}::uuid[])`.execute(tx)
}

/** Who of these persons was asked since then, and whether one of the mails asked about a consent. */
export const readAskedSince = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
  since: Instant,
): Promise<readonly { readonly personId: PersonId; readonly aboutConsent: boolean }[]> => {
  const { rows } = await sql<{ personId: PersonId; aboutConsent: boolean }>`
    select s.person_id as "personId", bool_or(coalesce(m.entry_event->'consent', 'null') <> 'null') as "aboutConsent"
    from subject s join message m on m.workspace_id = s.workspace_id and m.subject_id = s.subject_id
    where s.workspace_id = ${workspaceId} and s.person_id = any(${persons}::uuid[])
      and m.journey_id is null and m.step_id = ${confirmationStep} and m.planned_at > ${since}
    group by s.person_id`.execute(tx)
  return rows
}
