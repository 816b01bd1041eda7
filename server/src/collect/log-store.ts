import { sql } from 'kysely'
import pg from 'pg'
import { type Lane, readSettled } from '../jobs/index.ts'
import type { Instant, Position, WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'

/**
 * Commits one batch and gives its position. The transaction says that it writes to the log, so that readers wait for it
 * (and for nobody else), and takes its number *before* the batch is stamped with the time of receipt: so every event received before T has a position below whatever had begun at T, and who has applied
 * everything below that has seen every event received before T.
 */
export const commitLogBatch = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  lane: Lane,
  build: () => { receivedAt: Instant; eventCount: number; payload: Buffer; storedOn: string },
): Promise<{ position: Position; receivedAt: Instant }> =>
  postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      await sql`select baton_begin_log_write()`.execute(tx)
      const batch = build()
      const { rows } = await sql<{ position: Position }>`
        with batch as (
          insert into log_batch (workspace_id, lane, stored_on, received_at, event_count, payload)
          values (${workspaceId}, ${lane}, ${batch.storedOn}, ${batch.receivedAt}, ${batch.eventCount}, ${batch.payload})
          returning position)
        insert into log_entry (position, workspace_id, lane, event_count, received_at)
        select position, ${workspaceId}, ${lane}, ${batch.eventCount}, ${batch.receivedAt} from batch
        returning position`.execute(tx)
      return { position: rows[0]?.position ?? (0 as Position), receivedAt: batch.receivedAt }
    },
    { wholeMs: 1_000 },
  )

export interface StoredBatch {
  readonly position: Position
  readonly storedOn: string
  readonly receivedAt: Instant
  readonly eventCount: number
  readonly payload: Buffer
}

const mostBatchesRead = 500
/** As they are stored. Batches may be big and hold no events. */
const mostBytesRead = 16 * 1024 * 1024

/**
 * The batches after a position whose neighbours have all finished committing, until `maxEvents` (at least one).
 * `unsettled` tells that more stand beyond, which may be read soon. Each statement has a snapshot of its own, whatever the
 * server's default is: `readSettled` rests on that.
 */
export const readLogAfter = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  lane: Lane,
  after: Position,
  maxEvents: number,
): Promise<{ batches: readonly StoredBatch[]; unsettled: boolean; more: boolean }> =>
  postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      const settled = await readSettled(tx)
      const waiting = sql`from log_batch where workspace_id = ${workspaceId} and lane = ${lane}`
      const { rows } = await sql<StoredBatch & { available: number }>`
        select position, stored_on::text as "storedOn", received_at as "receivedAt", event_count as "eventCount",
          payload, available
        from (
          select *, count(*) over () as available,
            sum(event_count) over upward as events, sum(octet_length(payload)) over upward as bytes,
            row_number() over upward as place
          from (
            select position, stored_on, received_at, event_count, payload ${waiting} and position > ${after}
              and position < ${settled} order by position limit ${mostBatchesRead}
          ) next
          window upward as (order by position rows unbounded preceding)
        ) counted
        where place = 1 or (events <= ${maxEvents} and bytes <= ${mostBytesRead}) order by position`.execute(tx)
      const { rows: beyond } = await sql`
        select 1 ${waiting} and position > ${after} and position >= ${settled} limit 1`.execute(tx)
      const available = rows[0]?.available ?? 0
      return {
        batches: rows.map(({ available: _, ...batch }) => batch),
        unsettled: beyond.length > 0,
        more: available > rows.length || available === mostBatchesRead,
      }
    },
    { isolation: 'read committed' },
  )

/** The newest batches at or below a position, newest first; for the live-events page. */
export const readLogTail = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  below: Position,
  limit: number,
): Promise<readonly StoredBatch[]> =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows } = await sql<StoredBatch>`
      select position, stored_on::text as "storedOn", received_at as "receivedAt", event_count as "eventCount", payload
      from log_batch where workspace_id = ${workspaceId} and position < ${below}
      order by position desc limit ${limit}`.execute(tx)
    return rows
  })

/** Batches by their positions. */
export const readLogBatches = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  positions: readonly Position[],
): Promise<readonly StoredBatch[]> => {
  if (positions.length === 0) return []
  const { rows } = await sql<StoredBatch>`
    select position, stored_on::text as "storedOn", received_at as "receivedAt", event_count as "eventCount", payload
    from log_batch where workspace_id = ${workspaceId} and position = any(${positions}::bigint[])
    order by position`.execute(tx)
  return rows
}

/** Puts other bytes in the place of batches: the same number of events each, those that stay as they were. */
export const replacePayloads = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  batches: readonly Pick<StoredBatch, 'position' | 'storedOn' | 'payload'>[],
): Promise<void> => {
  if (batches.length === 0) return
  await sql`
    update log_batch b set payload = w.payload
    from unnest(${batches.map((each) => each.position)}::bigint[], ${batches.map((each) => each.storedOn)}::date[],
      ${batches.map((each) => each.payload)}::bytea[]) w(position, stored_on, payload)
    where b.workspace_id = ${workspaceId} and b.position = w.position and b.stored_on = w.stored_on`.execute(tx)
}

/**
 * Makes the day's and the coming partitions of log and dedup, and drops the generations of dedup that are no longer looked
 * in. That needs tables for itself, and whoever reads them after it has asked waits behind it: false where it did not get them at once.
 */
export const tendLogPartitions = (postgres: Postgres, today: string, oldestGeneration: number): Promise<boolean> =>
  postgres
    .inGlobal(async (tx) => {
      await sql`select set_config('lock_timeout', ${String(mostLockWaitMs)}, true)`.execute(tx)
      await sql`select ensure_partitions(${today}::date)`.execute(tx)
      await sql`select drop_dedup_generations(${oldestGeneration})`.execute(tx)
      return true
    })
    .catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code === lockNotAvailable) return false
      throw error
    })
const mostLockWaitMs = 200
const lockNotAvailable = '55P03'
