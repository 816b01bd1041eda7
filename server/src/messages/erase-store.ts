import { sql } from 'kysely'
import type { MessageId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { MessageRow } from './message-row.ts'

/** Messages of hers whose hand-over has not begun: no byte of them left, and none will. Held until the transaction ends. */
export const lockNotBegun = async (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]) => {
  const { rows } = await sql<Pick<MessageRow, 'messageId' | 'state'>>`
    select message_id as "messageId", state from message
    where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])
      and (state in ('planned', 'held', 'rendered') or (state = 'intent' and not begun))
    order by message_id for update`.execute(tx)
  return rows
}

/** What is counted of her messages from now on is of nobody in particular. */
export const movePseudonymous = (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[], pseudonym: SubjectId) =>
  sql`
    update message set subject_id = ${pseudonym}
    where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(tx)

/** All messages under a pseudonym, and whether each is being handed over. */
export const readPseudonymous = async (tx: Tx, workspaceId: WorkspaceId, pseudonym: SubjectId) => {
  const { rows } = await sql<{ messageId: MessageId; isUnderWay: boolean }>`
    select message_id as "messageId", state = 'intent' as "isUnderWay" from message
    where workspace_id = ${workspaceId} and subject_id = ${pseudonym} order by message_id for update`.execute(tx)
  return rows
}

/** States, instants and reasons stay, and what it was: nothing of what it said, to whom, or why to her. */
export const blankMessages = async (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[]) => {
  if (messageIds.length === 0) return
  await sql`
    update message set address = null, title = null, entry_event = '{}'
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])`.execute(tx)
  await sql`
    update message_transition set detail = ''
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[]) and detail <> ''`.execute(tx)
  for (const table of ['message_content', 'message_decision', 'message_feedback'] as const)
    await sql`
      delete from ${sql.table(table)}
      where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])`.execute(tx)
}
