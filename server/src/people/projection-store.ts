import { sql } from 'kysely'
import type { Lane } from '../jobs/index.ts'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'

/** A projection batch: its number and the exact stretch of the log it holds. */
export interface SealedBatch {
  readonly number: number
  readonly lane: Lane
  readonly from: Position
  readonly to: Position
}

/** Batches sealed and not committed: what a stop in between left behind. */
export const findUncommitted = (postgres: Postgres, workspaceId: WorkspaceId) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const { rows } = await sql<SealedBatch>`
      select number, lane, from_position as "from", to_position as "to" from projection_batch
      where workspace_id = ${workspaceId} and not committed order by number`.execute(tx)
    return rows
  })

/**
 * Fixes a batch's extent before ClickHouse sees any of it; null when that stretch is another worker's already. One batch
 * of a lane at a time, and only from where the lane stands: who slept past the lease between reading and sealing would
 * write a stretch again that has been committed meanwhile. (Two that seal at the same instant draw the same number, and
 * one of them fails.)
 */
export const sealBatch = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  extent: { stage: string; lane: Lane; from: Position; to: Position; at: Instant },
): Promise<SealedBatch | null> => {
  const { rows } = await sql<SealedBatch>`
    insert into projection_batch (workspace_id, number, lane, from_position, to_position, sealed_at)
    select ${workspaceId}, coalesce(max(number), 0) + 1, ${extent.lane}, ${extent.from}, ${extent.to}, ${extent.at}
    from projection_batch where workspace_id = ${workspaceId}
    having not coalesce(bool_or(lane = ${extent.lane} and not committed), false)
      and ${extent.from} = coalesce((
        select position from stage_position
        where workspace_id = ${workspaceId} and stage = ${extent.stage} and lane = ${extent.lane}), 0)
    returning number, lane, from_position as "from", to_position as "to"`.execute(tx)
  return rows[0] ?? null
}

/** Rows of committed batches are of no use after the next thousand. */
const keptBatches = 1_000

export const markCommitted = async (tx: Tx, workspaceId: WorkspaceId, number: number): Promise<void> => {
  await sql`
    update projection_batch set committed = true
    where workspace_id = ${workspaceId} and number = ${number}`.execute(tx)
  await sql`
    delete from projection_batch
    where workspace_id = ${workspaceId} and number < ${number - keptBatches} and committed`.execute(tx)
}

/** Up to which batch number ClickHouse holds everything, and the positions reached. */
export interface Projected {
  readonly batch: number
  readonly live: Position
  readonly bulk: Position
}

export const readProjected = async (tx: Tx, workspaceId: WorkspaceId): Promise<Projected> => {
  const { rows } = await sql<{ batch: number; live: Position | null; bulk: Position | null }>`
    select coalesce(min(number) filter (where not committed) - 1, max(number), 0)::bigint as batch,
      (select position from stage_position
        where workspace_id = ${workspaceId} and stage = 'projection' and lane = 'live') as live,
      (select position from stage_position
        where workspace_id = ${workspaceId} and stage = 'projection' and lane = 'bulk') as bulk
    from projection_batch where workspace_id = ${workspaceId}`.execute(tx)
  const row = rows[0]
  return { batch: Number(row?.batch ?? 0), live: row?.live ?? (0 as Position), bulk: row?.bulk ?? (0 as Position) }
}

/** A number that grows with every state of the tables this transaction can see; versions rows read from them. */
export const readVersion = async (tx: Tx): Promise<Position> => {
  const { rows } = await sql<{ version: Position }>`select baton_begun() as version`.execute(tx)
  return rows[0]?.version ?? (0 as Position)
}

/**
 * The map's rows for these persons: subjects that are another's now, and subjects that came back from a merge that was
 * undone (ClickHouse must be told that they are their own again).
 */
export const subjectMapOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<readonly { subjectId: SubjectId; personId: PersonId }[]> => {
  const { rows } = await sql<{ subjectId: SubjectId; personId: PersonId }>`
    select subject_id as "subjectId", person_id as "personId" from subject s
    where workspace_id = ${workspaceId} and person_id = any(${persons}::uuid[])
      and (subject_id <> person_id or exists (
        select 1 from person_merge m
        where m.workspace_id = s.workspace_id and m.loser_person_id = s.person_id and m.undone_at is not null))`.execute(
    tx,
  )
  return rows
}
