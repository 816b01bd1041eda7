import { sql } from 'kysely'
import type { JsonObject } from '../collect/index.ts'
import type { Instant, MessageId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export type FeedbackKind =
  | 'sent'
  | 'delivered'
  | 'open'
  | 'click'
  | 'reply'
  | 'bounce'
  | 'complaint'
  | 'unsubscribe'
  | 'verified'
  | 'consented'
  | 'said'

export interface FeedbackRow {
  readonly messageId: MessageId
  /** The kind, with a suffix where there may be several: `click:3f2a…`. Its key: told twice, it is there once. */
  readonly feedback: string
  readonly at: Instant
  readonly event: JsonObject
}

/** Columns of `message` that remember the first of a kind. */
const stamps: Partial<Record<FeedbackKind, string>> = {
  open: 'opened_at',
  click: 'clicked_at',
  reply: 'replied_at',
  bounce: 'bounced_at',
}

/** As JSON that PostgreSQL takes: what comes back may quote a mail, which may hold U+0000 or half a character. */
const asKept = (event: JsonObject): string =>
  JSON.stringify(event, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value,
  )

/** Of a message to somebody who was erased nothing comes back: its event would make her anew. */
export const insertFeedback = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  kind: FeedbackKind,
  rows: readonly FeedbackRow[],
) => {
  if (rows.length === 0) return
  await sql`
    insert into message_feedback (workspace_id, message_id, feedback, at, event)
    select ${workspaceId}, w.* from unnest(${rows.map((one) => one.messageId)}::uuid[],
      ${rows.map((one) => one.feedback)}::text[], ${rows.map((one) => one.at)}::bigint[],
      ${rows.map((one) => asKept(one.event))}::jsonb[]) as w(message_id, feedback, at, event)
    join message m on m.workspace_id = ${workspaceId} and m.message_id = w.message_id
    where exists (select from subject s where s.workspace_id = ${workspaceId} and s.subject_id = m.subject_id)
    on conflict do nothing`.execute(tx)
  const stamp = stamps[kind]
  if (stamp === undefined) return
  await sql`
    update message m set ${sql.ref(stamp)} = coalesce(m.${sql.ref(stamp)}, w.at)
    from unnest(${rows.map((one) => one.messageId)}::uuid[], ${rows.map((one) => one.at)}::bigint[]) as w(message_id, at)
    where m.workspace_id = ${workspaceId} and m.message_id = w.message_id`.execute(tx)
}

export const readOwedFeedback = async (tx: Tx, workspaceId: WorkspaceId, limit: number) => {
  const { rows } = await sql<FeedbackRow>`
    select message_id as "messageId", feedback, at, event from message_feedback
    where workspace_id = ${workspaceId} and not told limit ${limit}`.execute(tx)
  return rows
}

/** Since when the oldest of what is owed is; null: nothing is. */
export const readOwedSince = async (tx: Tx, workspaceId: WorkspaceId): Promise<Instant | null> => {
  const { rows } = await sql<{ at: Instant | null }>`
    select min(at) as at from message_feedback where workspace_id = ${workspaceId} and not told`.execute(tx)
  return rows[0]?.at ?? null
}

export const markTold = (tx: Tx, workspaceId: WorkspaceId, rows: readonly FeedbackRow[]) =>
  sql`
    update message_feedback f set told = true
    from unnest(${rows.map((one) => one.messageId)}::uuid[], ${rows.map((one) => one.feedback)}::text[])
      as w(message_id, feedback)
    where f.workspace_id = ${workspaceId} and f.message_id = w.message_id and f.feedback = w.feedback`.execute(tx)
