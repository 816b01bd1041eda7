import { sql } from 'kysely'
import { type Instant, must, type Position, RetryableError, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Lane, StageProgress, Turn } from './stage.ts'

/** Where a stage stands in a workspace and lane; 0 before its first batch. */
export const readPosition = async (tx: Tx, workspaceId: WorkspaceId, stage: string, lane: Lane): Promise<Position> => {
  const { rows } = await sql<{ position: Position }>`
    select position from stage_position
    where workspace_id = ${workspaceId} and stage = ${stage} and lane = ${lane}`.execute(tx)
  return rows[0]?.position ?? (0 as Position)
}

/**
 * Everything written to the log below this is finished. To be asked in a statement of its own, before what lies below is read
 * in the next: what commits between a statement's snapshot and its look at the writers is settled, and not seen by it.
 */
export const readSettled = async (db: Tx): Promise<Position> => {
  const { rows } = await sql<{ settled: Position }>`select baton_settled() as settled`.execute(db)
  return must(rows[0], 'a select without a from gives a row').settled
}

/**
 * Where the log stands. `begun` is a transaction number taken now: whatever begins to write later has a higher one. (The
 * upper end of a snapshot would not do: it is one past the highest *completed* number, and lies at or below those in
 * progress.) In a transaction of its own, for it holds that number until its end; read before anything else.
 */
export const readLogEdge = async (tx: Tx): Promise<{ begun: Position; settled: Position }> => {
  const { rows } = await sql<{ begun: Position; settled: Position }>`
    select baton_position() as begun, baton_settled() as settled`.execute(tx)
  return must(rows[0], 'a select without a from gives a row')
}

export interface LaneStanding {
  readonly lane: Lane
  /** How far the stage and people have come. */
  readonly applied: Position
  readonly handled: Position
  /** The first batch that people have not handled. */
  readonly unhandled: Position | null
}

/** How far a stage that follows people stands, by lane. */
export const readLaneStandings = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  stage: string,
): Promise<readonly LaneStanding[]> => {
  const { rows } = await sql<LaneStanding>`
    select l.lane, coalesce(own.position, 0) as applied, coalesce(p.position, 0) as handled,
      (select min(e.position) from log_entry e
       where e.workspace_id = ${workspaceId} and e.lane = l.lane and e.position > coalesce(p.position, 0)) as unhandled
    from unnest(array['live', 'bulk']) l(lane)
    left join stage_position own on own.workspace_id = ${workspaceId} and own.stage = ${stage} and own.lane = l.lane
    left join stage_position p on p.workspace_id = ${workspaceId} and p.stage = 'people' and p.lane = l.lane`.execute(
    tx,
  )
  return rows
}

/**
 * The batch that follows `position`, where a stage stands; null: not known. Entries leave when people have passed them, so
 * that they tell what follows only as long as the one at `position` is there.
 */
export const readFollowing = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  lane: Lane,
  position: Position,
): Promise<Position | null> => {
  const { rows } = await sql<{ following: Position | null }>`
    select min(e.position) as following from log_entry e
    where e.workspace_id = ${workspaceId} and e.lane = ${lane} and e.position > ${position}
      and exists (select from log_entry own where own.position = ${position})`.execute(tx)
  return rows[0]?.following ?? null
}

/** The lease of this turn went to another worker: whatever this turn did is rolled back. */
export class LeaseLostError extends RetryableError {
  constructor(turn: Turn) {
    super(`The lease ${turn.lease.name} is held by another worker now; this turn is given up`, 0)
  }
}

/** Refuses, inside the writing transaction, to go on when the lease is no longer ours. */
export const checkLease = async (tx: Tx, turn: Turn): Promise<void> => {
  const { rows } = await sql`
    select 1 from lease where name = ${turn.lease.name} and token = ${turn.lease.token} for key share`.execute(tx)
  if (rows.length === 0) throw new LeaseLostError(turn)
}

/**
 * Moves a stage's position in the transaction of its result. The old position is compared: of two workers that read the
 * same batch, one commits and the other rolls back.
 */
export const commitPosition = async (
  tx: Tx,
  turn: Turn,
  progress: { stage: string; from: Position; to: Position; handled: number; at: Instant },
): Promise<void> => {
  await checkLease(tx, turn)
  const { rows } = await sql`
    insert into stage_position (workspace_id, stage, lane, position, handled, updated_at)
    values (${turn.workspaceId}, ${progress.stage}, ${turn.lane}, ${progress.to}, ${progress.handled}, ${progress.at})
    on conflict (workspace_id, stage, lane) do update
      set position = excluded.position, handled = stage_position.handled + excluded.handled,
          updated_at = excluded.updated_at
      where stage_position.position = ${progress.from}
    returning 1`.execute(tx)
  if (rows.length === 0) throw new LeaseLostError(turn)
}

/** Every stage's progress, all workspaces; for operations and doctor. */
export const listProgress = async (tx: Tx): Promise<readonly StageProgress[]> => {
  const { rows } = await sql<StageProgress>`
    select stage, workspace_id as "workspaceId", lane, position, handled, updated_at as "updatedAt"
    from stage_position order by workspace_id, stage, lane`.execute(tx)
  return rows
}
