import type { QuarantinedItem } from '@baton/contract'
import { sql } from 'kysely'
import { dayMs, type Instant, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { Lane, Turn } from './stage.ts'

const keptForMs = 90 * dayMs

/** Notes what a stage goes on without, in the transaction in which it goes on. A repeat is the same row. */
export const quarantineItems = async (
  tx: Tx,
  turn: Pick<Turn, 'workspaceId' | 'lane' | 'now'>,
  at: { readonly stage: string; readonly position: Position },
  items: readonly Omit<QuarantinedItem, 'at'>[],
): Promise<void> => {
  if (items.length === 0) return
  await sql`
    insert into quarantined_item (workspace_id, stage, lane, kind, item, position, reason, at)
    select ${turn.workspaceId}, ${at.stage}, ${turn.lane}, kind, item, ${at.position}, max(reason), ${turn.now}
    from unnest(${items.map(({ kind }) => kind)}::text[], ${items.map(({ item }) => item)}::text[],
      ${items.map(({ reason }) => reason.replaceAll('\0', ''))}::text[]) as new(kind, item, reason)
    group by kind, item
    on conflict (workspace_id, stage, kind, item) do update
      set lane = excluded.lane, position = excluded.position, reason = excluded.reason, at = excluded.at`.execute(tx)
}

/** Per stage and lane, how many things were set aside, and the newest; inside a transaction of the workspace. */
export const readQuarantined = async (
  tx: Tx,
  workspaceId: WorkspaceId,
): Promise<readonly { stage: string; lane: Lane; items: number; newest: QuarantinedItem }[]> => {
  const { rows } = await sql<{ stage: string; lane: Lane; items: number } & QuarantinedItem>`
    select distinct on (stage, lane) stage, lane, count(*) over (partition by stage, lane)::int as items, kind, item, reason, at
    from quarantined_item where workspace_id = ${workspaceId} order by stage, lane, at desc, item`.execute(tx)
  return rows.map(({ stage, lane, items, ...newest }) => ({ stage, lane, items, newest }))
}

/** To be called daily. */
export const dropQuarantinedItems = (postgres: Postgres, workspaceId: WorkspaceId, now: Instant) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    await sql`delete from quarantined_item where workspace_id = ${workspaceId} and at < ${now - keptForMs}`.execute(tx)
  })

/**
 * What was set aside may be of somebody who was erased, and a reason may quote her: of all but whole batches, nothing is kept. In
 * the caller's transaction.
 */
export const clearQuarantined = (tx: Tx, workspaceId: WorkspaceId) =>
  sql`delete from quarantined_item where workspace_id = ${workspaceId} and kind <> 'batch'`.execute(tx)

class TrialOver extends Error {}

/** Does everything that `work` does in a transaction of the workspace, and takes it back. */
export const tryOut = async (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  work: (tx: Tx) => Promise<unknown>,
  options?: { readonly maxMs: number },
): Promise<void> => {
  try {
    await postgres.inWorkspace(
      workspaceId,
      async (tx) => {
        await work(tx)
        throw new TrialOver()
      },
      options,
    )
  } catch (error) {
    if (!(error instanceof TrialOver)) throw error
  }
}
