import { sql } from 'kysely'
import type { Lane } from '../jobs/index.ts'
import type { Instant, Position, WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'

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
    { maxMs: 1_000 },
  )

export interface StoredBatch {
  readonly position: Position
  readonly storedOn: string
  readonly receivedAt: Instant
  readonly eventCount: number
  readonly payload: Buffer
}

/**
 * The batches after a position whose neighbours have all finished committing, until `maxEvents` (at least one).
 * `unsettled` tells that more stand beyond, which may be read soon.
 */
export const readLogAfter = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  lane: Lane,
  after: Position,
  maxEvents: number,
): Promise<{ batches: readonly StoredBatch[]; unsettled: boolean; more: boolean }> =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows: waiting } = await sql<{ position: Position; eventCount: number; settled: boolean }>`
      select position, event_count as "eventCount", position < baton_settled() as settled
      from log_batch where workspace_id = ${workspaceId} and position > ${after} and lane = ${lane}
      order by position limit 200`.execute(tx)
    const unsettledAt = waiting.findIndex((row) => !row.settled)
    const settled = unsettledAt < 0 ? waiting : waiting.slice(0, unsettledAt)
    let events = 0
    let take = 0
    for (const row of settled) {
      if (take > 0 && events + row.eventCount > maxEvents) break
      events += row.eventCount
      take += 1
    }
    const last = settled[take - 1]
    if (!last) return { batches: [], unsettled: waiting.length > 0, more: false }
    const { rows: batches } = await sql<StoredBatch>`
      select position, stored_on::text as "storedOn", received_at as "receivedAt", event_count as "eventCount", payload
      from log_batch
      where workspace_id = ${workspaceId} and lane = ${lane} and position > ${after} and position <= ${last.position}
      order by position`.execute(tx)
    return { batches, unsettled: unsettledAt >= 0, more: settled.length > take || waiting.length === 200 }
  })

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

/** Makes the day's and the coming partitions of log and dedup, and drops dedup generations older than 30 days. */
export const tendLogPartitions = (postgres: Postgres, today: string, oldestGeneration: number): Promise<void> =>
  postgres.inGlobal(async (tx) => {
    await sql`select ensure_partitions(${today}::date)`.execute(tx)
    await sql`select drop_dedup_generations(${oldestGeneration})`.execute(tx)
  })
