import { sql } from 'kysely'
import type { Instant, MessageId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { wasWrittenByOriginal } from './doubt-store.ts'
import type { MessageRow } from './message-row.ts'

export interface RenderedRow {
  readonly messageId: MessageId
  readonly address: string
  readonly title: string
  readonly templateVersion: number
  readonly html: string
  readonly text: string
}

/** Keeps what was rendered beside its message. */
export const writeContents = async (tx: Tx, workspaceId: WorkspaceId, rows: readonly RenderedRow[], at: Instant) => {
  if (rows.length === 0) return
  const ids = rows.map((one) => one.messageId)
  await sql`
    insert into message_content (workspace_id, message_id, at, html, text_body)
    select ${workspaceId}, c.id, ${at}, c.html, c.text_body
    from unnest(${ids}::uuid[], ${rows.map((one) => one.html)}::text[], ${rows.map((one) => one.text)}::text[])
      as c(id, html, text_body)
    on conflict (workspace_id, message_id) do update set at = excluded.at, html = excluded.html,
      text_body = excluded.text_body`.execute(tx)
  await sql`
    update message m set address = c.address, title = c.title, template_version = c.version
    from unnest(${ids}::uuid[], ${rows.map((one) => one.address)}::text[], ${rows.map((one) => one.title)}::text[],
      ${rows.map((one) => one.templateVersion)}::integer[]) as c(id, address, title, version)
    where m.workspace_id = ${workspaceId} and m.message_id = c.id`.execute(tx)
}

/** Stamps intents with who wrote them and when, by machine time. */
export const stampIntents = (
  tx: Tx,
  workspaceId: WorkspaceId,
  messageIds: readonly MessageId[],
  stamp: { at: Instant; token: number; carrier: string },
) =>
  sql`
    update message set intent_at = ${stamp.at}, intent_token = ${stamp.token}, carrier = ${stamp.carrier}, begun = false
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[]) and state = 'intent'`.execute(tx)

/**
 * The flag before the first byte: from here on a crash leaves the hand-over in doubt. Answers which of these intents are
 * still ours to begin; what another worker has taken back meanwhile is not.
 */
export const beginHandOvers = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  messageIds: readonly MessageId[],
  token: number,
): Promise<ReadonlySet<MessageId>> => {
  const { rows } = await sql<{ messageId: MessageId }>`
    update message set begun = true
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])
      and state = 'intent' and intent_token = ${token} and not begun
    returning message_id as "messageId"`.execute(tx)
  return new Set(rows.map(({ messageId }) => messageId))
}

/** Intents that nobody is handing over any more: what an earlier turn, or another worker, left behind. */
export const readLeftIntents = async (tx: Tx, workspaceId: WorkspaceId) => {
  const { rows } = await sql<
    Pick<MessageRow, 'messageId' | 'subjectId' | 'carrier'> & { begun: boolean; mayHaveGone: boolean }
  >`
    select message_id as "messageId", subject_id as "subjectId", carrier, begun, ${wasWrittenByOriginal} as "mayHaveGone"
    from message m
    where workspace_id = ${workspaceId} and state = 'intent' order by message_id for update`.execute(tx)
  return rows
}

/** The state now of messages that this worker began: to tell an outcome to one that was called uncertain meanwhile. */
export const lockBegun = async (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[], token: number) => {
  const { rows } = await sql<Pick<MessageRow, 'messageId' | 'state' | 'attempts' | 'deadlineAt'>>`
    select message_id as "messageId", state, attempts, deadline_at as "deadlineAt" from message
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[]) and intent_token = ${token} and begun
      and state in ('intent', 'uncertain')
    order by message_id for update`.execute(tx)
  return new Map(rows.map((row) => [row.messageId, row]))
}

export const markHandedOver = (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[], at: Instant) =>
  sql`update message set handed_over_at = ${at}
      where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])`.execute(tx)

export const countAttempts = (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[]) =>
  sql`update message set attempts = attempts + 1, begun = false
      where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])`.execute(tx)

export const deleteContentsBefore = (tx: Tx, workspaceId: WorkspaceId, before: Instant) =>
  sql`delete from message_content where workspace_id = ${workspaceId} and at < ${before}`.execute(tx)

export const readContents = async (tx: Tx, workspaceId: WorkspaceId, messageIds: readonly MessageId[]) => {
  const { rows } = await sql<{ messageId: MessageId; html: string; text: string }>`
    select message_id as "messageId", html, text_body as text from message_content
    where workspace_id = ${workspaceId} and message_id = any(${messageIds}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.messageId, row]))
}
