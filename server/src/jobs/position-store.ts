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
