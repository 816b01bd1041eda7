import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface SampleProgress {
  readonly seed: number
  readonly historyFrom: Instant
  readonly historyUntil: Instant
  /** Steps of the set-up that are done. */
  readonly stepsDone: number
  readonly playedTo: Instant
}

export const readProgress = async (tx: Tx, workspaceId: WorkspaceId): Promise<SampleProgress | null> => {
  const { rows } = await sql<SampleProgress>`
    select seed, history_from as "historyFrom", history_until as "historyUntil", steps_done as "stepsDone", played_to as "playedTo"
    from sample_shop where workspace_id = ${workspaceId}`.execute(tx)
  return rows[0] ?? null
}

export const saveProgress = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  progress: SampleProgress,
  at: Instant,
): Promise<void> => {
  await sql`
    insert into sample_shop (workspace_id, seed, history_from, history_until, steps_done, played_to, made_at)
    values (${workspaceId}, ${progress.seed}, ${progress.historyFrom}, ${progress.historyUntil},
      ${progress.stepsDone}, ${progress.playedTo}, ${at})
    on conflict (workspace_id) do update set played_to = excluded.played_to, steps_done = excluded.steps_done`.execute(
    tx,
  )
}
