import type { JourneyStatus } from '@baton/contract'
import { sql } from 'kysely'
import type { JourneyId, RunId, WorkspaceId } from '../kernel/index.ts'
import type { Liveness } from '../policy/index.ts'
import type { Tx } from '../stores/index.ts'

/**
 * May what a run planned still be handed over? Journeys, then runs, stay locked (shared, in order of id) until the
 * asking transaction ends: a stop or pause waits for it, or is seen by it.
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
  const journeys = await sql<{ journeyId: JourneyId; status: JourneyStatus }>`
    select journey_id as "journeyId", status from journey
    where workspace_id = ${workspaceId} and journey_id in (
      select r.journey_id from journey_run r where r.workspace_id = ${workspaceId} and r.run_id = any(${runIds}::uuid[]))
    order by journey_id for key share`.execute(tx)
  const runs = await sql<{ runId: RunId; journeyId: JourneyId; state: string; reason: string | null }>`
    select run_id as "runId", journey_id as "journeyId", state, reason from journey_run
    where workspace_id = ${workspaceId} and run_id = any(${runIds}::uuid[])
    order by run_id for share`.execute(tx)
  const statuses = new Map(journeys.rows.map(({ journeyId, status }) => [journeyId, status]))
  return new Map(
    runs.rows.map(({ runId, journeyId, state, reason }) => [
      runId,
      livenessOf(statuses.get(journeyId), state === 'exited' ? reason : null),
    ]),
  )
}

const livenessOf = (status: JourneyStatus | undefined, leftFor: string | null): Liveness => {
  if (status === 'stopped' || leftFor === 'journey-stopped') return 'stopped'
  if (leftFor !== null) return 'ended'
  return status === 'paused' ? 'paused' : 'live'
}
