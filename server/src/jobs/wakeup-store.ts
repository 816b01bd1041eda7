import { sql } from 'kysely'
import type { Instant, Position, WorkspaceId } from '../kernel/index.ts'
import { notifyAtCommit, type Postgres, type Tx } from '../stores/index.ts'
import { readSettled } from './position-store.ts'
import type { Lane, LeaseGrant } from './stage.ts'

/**
 * Says when (domain time) a stage has something to do in a workspace although nothing new arrives; null: never. Of who no
 * longer holds the lease nothing is taken: another one knows better by now.
 */
export const setWakeup = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  lease: LeaseGrant,
  stage: string,
  dueAt: Instant | null,
) =>
  postgres.inGlobal((tx) => {
    // In one statement, and a lock that whoever takes the lease waits for: nobody falls asleep in between.
    const held = sql`select from lease where name = ${lease.name} and token = ${lease.token} for share`
    return dueAt === null
      ? sql`
          with held as (${held})
          delete from wakeup where workspace_id = ${workspaceId} and stage = ${stage} and exists (select from held)`.execute(
          tx,
        )
      : sql`
          with held as (${held})
          insert into wakeup (workspace_id, stage, due_at) select ${workspaceId}, ${stage}, ${dueAt}::bigint from held
          on conflict (workspace_id, stage) do update set due_at = excluded.due_at`.execute(tx)
  })

/**
 * Asks for a turn of a stage, in the transaction that made something for it to do; `dueAt`: domain time, or 0. Whichever
 * process has the workspace hears it at the commit, and gives another turn after one that is under way and may not have
 * seen what is to do. The row alone would not do: a turn under way may write over it.
 */
export const askForTurn = async (tx: Tx, workspaceId: WorkspaceId, stage: string, dueAt: Instant): Promise<void> => {
  await sql`
    insert into wakeup (workspace_id, stage, due_at) values (${workspaceId}, ${stage}, ${dueAt})
    on conflict (workspace_id, stage) do update set due_at = least(wakeup.due_at, excluded.due_at)`.execute(tx)
  await notifyAtCommit(tx, `wake ${workspaceId} ${stage}`)
}

/** Has a stage get a turn now. Nothing is kept of it, so that it may be lost: for who waits and will say it again. */
export const nudgeStage = (postgres: Postgres, workspaceId: WorkspaceId, stage: string): Promise<void> =>
  postgres.notify(`wake ${workspaceId} ${stage}`)

/** The stages whose time has come, each by the clock of its workspace. */
export const dueWakeups = async (postgres: Postgres, machineNow: Instant) =>
  postgres.askGlobal(
    async (db) =>
      (
        await sql<{ workspaceId: WorkspaceId; stage: string }>`
          select w.workspace_id as "workspaceId", w.stage
          from wakeup w join workspace s using (workspace_id)
          where w.due_at <= coalesce(s.clock_at, ${machineNow})`.execute(db)
      ).rows,
  )

/**
 * The workspaces and lanes whose log grew from `position` on: small queries for all workspaces. `settled` is where the next
 * look begins; what commits late lies above it and is seen again.
 */
export const logGrowth = async (postgres: Postgres, position: Position) =>
  postgres.askGlobal(async (db) => {
    const settled = await readSettled(db)
    const { rows: grown } = await sql<{ workspaceId: WorkspaceId; lane: Lane }>`
      select distinct workspace_id as "workspaceId", lane from log_entry where position >= ${position}`.execute(db)
    return { settled, grown }
  })

/** Where a worker begins to look for growth: the slowest first stage, or 0. */
export const slowestPosition = async (postgres: Postgres, stage: string): Promise<Position> =>
  postgres.inGlobal(async (tx) => {
    const { rows } = await sql<{ position: Position | null }>`
      select min(coalesce(p.position, 0)) as position
      from (select distinct workspace_id, lane from log_entry) e
      left join stage_position p on p.workspace_id = e.workspace_id and p.lane = e.lane and p.stage = ${stage}`.execute(
      tx,
    )
    return rows[0]?.position ?? (0 as Position)
  })

/** Every workspace; asked when a worker takes over a part, to see what was left waiting. */
export const listWorkspaceIds = async (postgres: Postgres): Promise<readonly WorkspaceId[]> =>
  postgres.inGlobal(async (tx) => {
    const { rows } = await sql<{
      workspaceId: WorkspaceId
    }>`select workspace_id as "workspaceId" from workspace`.execute(tx)
    return rows.map((row) => row.workspaceId)
  })
