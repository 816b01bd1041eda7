import { sql } from 'kysely'
import type { Instant, MessageId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { MessageRow } from './message-row.ts'

/**
 * In a restored copy: of a message `m` that waits, whether the original may have handed it over. It was due before the copy's
 * sending was confirmed; or it would have been, had the copy learnt of what it came of when that happened.
 */
export const mayHaveGone = sql<boolean>`exists (
  select from restore_doubt d where d.workspace_id = m.workspace_id
    and (d.until is null or m.due_at < d.until
      or (m.state = 'planned' and m.due_at = m.planned_at and m.owed_at < d.until)))`

/** Of an intent `m`, the same: until the confirmation a copy writes none. */
export const wasWrittenByOriginal = sql<boolean>`exists (
  select from restore_doubt d where d.workspace_id = m.workspace_id and (d.until is null or m.changed_at < d.until))`

/** Is there a doubt (still)? It stays as it is until this transaction ends. */
export const lockDoubt = async (tx: Tx, workspaceId: WorkspaceId): Promise<boolean> => {
  const { rows } = await sql`select from restore_doubt where workspace_id = ${workspaceId} for share`.execute(tx)
  return rows.length > 0
}

/** From here on what falls due is this installation's own, and nobody else's. */
export const limitDoubt = (tx: Tx, workspaceId: WorkspaceId, until: Instant) =>
  sql`update restore_doubt set until = ${until} where workspace_id = ${workspaceId}`.execute(tx)

export const endDoubt = (tx: Tx, workspaceId: WorkspaceId) =>
  sql`delete from restore_doubt where workspace_id = ${workspaceId}`.execute(tx)

export type DoubtfulRow = Pick<
  MessageRow,
  'messageId' | 'subjectId' | 'state' | 'channel' | 'topic' | 'phase' | 'purpose'
> & {
  readonly dueAt: Instant
}

/** Some of those that were due before the doubt's end. */
export const readDoubtful = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly DoubtfulRow[]> => {
  const { rows } = await sql<DoubtfulRow>`
    select message_id as "messageId", subject_id as "subjectId", state, channel, topic, phase, purpose, due_at as "dueAt"
    from message where workspace_id = ${workspaceId}
      and due_at < (select until from restore_doubt where workspace_id = ${workspaceId})
    order by due_at, message_id limit ${limit}`.execute(tx)
  return rows
}

/** Some of those that are uncertain for this reason. */
export const readUncertain = async (tx: Tx, workspaceId: WorkspaceId, limit: number) => {
  const { rows } = await sql<{ messageId: MessageId; subjectId: DoubtfulRow['subjectId'] }>`
    select message_id as "messageId", subject_id as "subjectId" from message
    where workspace_id = ${workspaceId} and state = 'uncertain' and reason = 'restored'
    order by message_id limit ${limit}`.execute(tx)
  return rows
}

export const countUncertain = async (tx: Tx, workspaceId: WorkspaceId): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from message
    where workspace_id = ${workspaceId} and state = 'uncertain' and reason = 'restored'`.execute(tx)
  return rows[0]?.count ?? 0
}
