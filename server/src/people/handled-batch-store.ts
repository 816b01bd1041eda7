import { sql } from 'kysely'
import type { StoredBatch } from '../collect/index.ts'
import type { Lane } from '../jobs/index.ts'
import type { Position, WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'

/** Log batches that the people stage has handled, with their verdicts, until `maxEvents` (at least one). */
export const readHandledBatches = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  lane: Lane,
  range: { after: Position; upTo: Position; maxEvents: number },
): Promise<readonly (StoredBatch & { verdicts: Buffer })[]> =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows: sizes } = await sql<{ position: Position; eventCount: number }>`
      select position, event_count as "eventCount" from log_batch
      where workspace_id = ${workspaceId} and lane = ${lane} and position > ${range.after} and position <= ${range.upTo}
      order by position limit 200`.execute(tx)
    let events = 0
    const end = sizes.findIndex((row, index) => {
      events += row.eventCount
      return index > 0 && events > range.maxEvents
    })
    const last = (end < 0 ? sizes : sizes.slice(0, end)).at(-1)
    if (!last) return []
    const { rows } = await sql<StoredBatch & { verdicts: Buffer }>`
      select b.position, b.stored_on::text as "storedOn", b.received_at as "receivedAt", b.event_count as "eventCount",
        b.payload, v.verdicts
      from log_batch b join log_verdict v using (workspace_id, position, stored_on)
      where b.workspace_id = ${workspaceId} and b.lane = ${lane} and b.position > ${range.after} and b.position <= ${last.position}
      order by b.position`.execute(tx)
    return rows
  })
