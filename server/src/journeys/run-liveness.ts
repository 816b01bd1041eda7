import { sql } from 'kysely'
import type { RunId, WorkspaceId } from '../kernel/index.ts'
import type { Liveness } from '../policy/index.ts'
import type { Tx } from '../stores/index.ts'

/**
 * May what a run planned still be handed over? Run and journey stay locked (shared) until the asking transaction ends:
 * a stop waits for it, or is seen by it.
 * - `live`: she is on her way, or went all the way
 * - `ended`: she left before (goal, reply, an exit with a reason): what waits is for nothing now
 * - `paused`, `stopped`: the journey is
 */
export const checkLiveness = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  runIds: readonly RunId[],
): Promise<ReadonlyMap<RunId, Liveness>> => {
  if (runIds.length === 0) return new Map()
  const { rows } = await sql<{ runId: RunId; liveness: Liveness }>`
    select r.run_id as "runId",
      case when j.status = 'stopped' or r.reason = 'journey-stopped' then 'stopped'
        when r.state = 'exited' then 'ended'
        when j.status = 'paused' then 'paused'
        else 'live' end as liveness
    from journey_run r join journey j on j.workspace_id = r.workspace_id and j.journey_id = r.journey_id
    where r.workspace_id = ${workspaceId} and r.run_id = any(${runIds}::uuid[])
    order by j.journey_id, r.run_id for share`.execute(tx)
  return new Map(rows.map((row) => [row.runId, row.liveness]))
}
