import { sql } from 'kysely'
import type { Instant, Position, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/**
 * Which of these keys were seen before, in this week's generation or the five before it: 35 days at the least. Or in the
 * next one: a batch that was stamped before a week's end may be handled after one that was stamped behind it.
 */
export const findSeenKeys = async (
  tx: Tx,
  generation: number,
  keys: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (keys.length === 0) return new Set()
  const { rows } = await sql<{ key: string }>`
    select key from dedup_key
    where generation between ${generation - 5} and ${generation + 1} and key = any(${keys}::uuid[])`.execute(tx)
  return new Set(rows.map((row) => row.key))
}

/** Remembers keys; sorted, so that neighbours in the index are written together. */
export const saveKeys = async (tx: Tx, generation: number, keys: readonly string[]): Promise<void> => {
  if (keys.length === 0) return
  await sql`
    insert into dedup_key (generation, key)
    select ${generation}, * from unnest(${[...keys].sort()}::uuid[])`.execute(tx)
}

export const saveVerdicts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  batches: readonly { position: Position; storedOn: string; verdicts: Buffer }[],
): Promise<void> => {
  await sql`
    insert into log_verdict (workspace_id, position, stored_on, verdicts)
    select ${workspaceId}, * from unnest(${batches.map((each) => each.position)}::bigint[],
      ${batches.map((each) => each.storedOn)}::date[], ${batches.map((each) => each.verdicts)}::bytea[])`.execute(tx)
}

export interface QuarantinedEvent {
  readonly position: Position
  readonly eventIndex: number
  readonly receivedAt: Instant
  readonly reason: string
  readonly detail: string
  readonly event: Buffer
}

export const saveQuarantined = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  events: readonly QuarantinedEvent[],
): Promise<void> => {
  if (events.length === 0) return
  await sql`
    insert into quarantined_event (workspace_id, position, event_index, received_at, reason, detail, event)
    select ${workspaceId}, * from unnest(${events.map((each) => each.position)}::bigint[],
      ${events.map((each) => each.eventIndex)}::integer[], ${events.map((each) => each.receivedAt)}::bigint[],
      ${events.map((each) => each.reason)}::text[], ${events.map((each) => each.detail)}::text[],
      ${events.map((each) => each.event)}::bytea[])
    on conflict do nothing`.execute(tx)
}

/** The verdicts of some batches, by position. */
export const loadVerdicts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  positions: readonly Position[],
): Promise<ReadonlyMap<Position, Buffer>> => {
  if (positions.length === 0) return new Map()
  const { rows } = await sql<{ position: Position; verdicts: Buffer }>`
    select position, verdicts from log_verdict
    where workspace_id = ${workspaceId} and position = any(${positions}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.position, row.verdicts]))
}

/** Takes out what was set aside before an instant. */
export const dropQuarantined = async (tx: Tx, workspaceId: WorkspaceId, before: Instant): Promise<void> => {
  await sql`
    delete from quarantined_event where workspace_id = ${workspaceId} and received_at < ${before}`.execute(tx)
}

/** Takes out the wake-up notes of log batches that this workspace's people stage has passed. */
export const dropPassedEntries = async (tx: Tx, workspaceId: WorkspaceId): Promise<void> => {
  await sql`
    delete from log_entry e using stage_position p
    where e.workspace_id = ${workspaceId} and p.workspace_id = e.workspace_id and p.stage = 'people' and p.lane = e.lane
      and e.position < p.position`.execute(tx)
}

export interface StoredVerdicts {
  readonly position: Position
  readonly storedOn: string
  readonly verdicts: Buffer
}

/** Verdict lists of both lanes in (after, below), by position. */
export const readVerdictsAfter = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { readonly after: Position; readonly below: Position; readonly limit: number },
): Promise<readonly StoredVerdicts[]> => {
  const { rows } = await sql<StoredVerdicts>`
    select position, stored_on::text as "storedOn", verdicts from log_verdict
    where workspace_id = ${workspaceId} and position > ${page.after} and position < ${page.below}
    order by position limit ${page.limit}`.execute(tx)
  return rows
}

export const replaceVerdicts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  batches: readonly StoredVerdicts[],
): Promise<void> => {
  if (batches.length === 0) return
  await sql`
    update log_verdict v set verdicts = w.verdicts
    from unnest(${batches.map((each) => each.position)}::bigint[], ${batches.map((each) => each.storedOn)}::date[],
      ${batches.map((each) => each.verdicts)}::bytea[]) w(position, stored_on, verdicts)
    where v.workspace_id = ${workspaceId} and v.position = w.position and v.stored_on = w.stored_on`.execute(tx)
}

export const deleteQuarantined = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  events: readonly Pick<QuarantinedEvent, 'position' | 'eventIndex'>[],
): Promise<void> => {
  if (events.length === 0) return
  await sql`
    delete from quarantined_event q
    using unnest(${events.map((each) => each.position)}::bigint[], ${events.map((each) => each.eventIndex)}::integer[])
      w(position, event_index)
    where q.workspace_id = ${workspaceId} and q.position = w.position and q.event_index = w.event_index`.execute(tx)
}
