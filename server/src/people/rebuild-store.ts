import { sql } from 'kysely'
import type { Lane } from '../jobs/index.ts'
import { OperatorError, type PersonId, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'

const stage = 'rebuild'

/**
 * Runs a rebuild while no other one does, by a lock that goes with its connection; throws an OperatorError where one runs.
 * `checkAlone` throws once that connection is lost: another may have begun since.
 */
export const onlyRebuild = <T>(postgres: Postgres, work: (checkAlone: () => Promise<void>) => Promise<T>): Promise<T> =>
  postgres.askGlobal(async (db) => {
    const { rows } = await sql<{ isOurs: boolean }>`select pg_try_advisory_lock(${lockKey}) as "isOurs"`.execute(db)
    if (rows[0]?.isOurs !== true)
      throw new OperatorError(
        'Another rebuild of this installation is under way. Let it end, or stop it (Ctrl-C) and give the same command again.',
      )
    const checkAlone = async (): Promise<void> => {
      await sql`select 1`.execute(db).catch((error: unknown) => {
        throw new OperatorError('PostgreSQL was away for a moment. Nothing was swapped in; run it again.', {
          cause: error,
        })
      })
    }
    try {
      return await work(checkAlone)
    } finally {
      await sql`select pg_advisory_unlock(${lockKey})`.execute(db).catch(() => undefined)
    }
  })
const lockKey = sql`hashtextextended('rebuild', 0)`

/** How far a rebuild that was interrupted had come, by lane. */
export const readRebuilt = async (postgres: Postgres, workspaceId: WorkspaceId, lane: Lane): Promise<Position> =>
  postgres.inGlobal(async (tx) => {
    const { rows } = await sql<{ position: Position }>`
      select position from stage_position
      where workspace_id = ${workspaceId} and stage = ${stage} and lane = ${lane}`.execute(tx)
    return rows[0]?.position ?? (0 as Position)
  })

export const saveRebuilt = async (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  lane: Lane,
  position: Position,
  handled: number,
): Promise<void> => {
  await postgres.inGlobal((tx) =>
    sql`
      insert into stage_position (workspace_id, stage, lane, position, handled, updated_at)
      values (${workspaceId}, ${stage}, ${lane}, ${position}, ${handled}, 0)
      on conflict (workspace_id, stage, lane) do update
        set position = excluded.position, handled = stage_position.handled + excluded.handled`.execute(tx),
  )
}

/** Whether an interrupted rebuild has tables to go on with. */
export const isRebuildUnderWay = async (postgres: Postgres): Promise<boolean> =>
  postgres.inGlobal(async (tx) => {
    const { rows } = await sql<{ found: boolean }>`
      select exists (select from stage_position where stage = ${stage}) as found`.execute(tx)
    return rows[0]?.found === true
  })

export const forgetRebuilt = async (postgres: Postgres): Promise<void> => {
  await postgres.inGlobal((tx) => sql`delete from stage_position where stage = ${stage}`.execute(tx))
}

/** A slice of a workspace's persons, or order ids, after a key. */
export const personsAfter = (postgres: Postgres, workspaceId: WorkspaceId, after: string | null, limit: number) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows } = await sql<{ personId: PersonId }>`
      select subject_id as "personId" from subject
      where workspace_id = ${workspaceId} and subject_id = person_id
        and (${after}::uuid is null or subject_id > ${after}::uuid)
      order by subject_id limit ${limit}`.execute(tx)
    return rows.map((row) => row.personId)
  })

export const orderIdsAfter = (postgres: Postgres, workspaceId: WorkspaceId, after: string | null, limit: number) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows } = await sql<{ orderId: string }>`
      select order_id as "orderId" from customer_order
      where workspace_id = ${workspaceId} and (${after}::text is null or order_id > ${after}::text)
      order by order_id limit ${limit}`.execute(tx)
    return rows.map((row) => row.orderId)
  })

/** Events in the log of a workspace, for progress. */
export const countLogged = (postgres: Postgres, workspaceId: WorkspaceId) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows } = await sql<{ events: number | null }>`
      select sum(event_count)::bigint as events from log_batch where workspace_id = ${workspaceId}`.execute(tx)
    return Number(rows[0]?.events ?? 0)
  })
