import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export const readChannelSetting = async (tx: Tx, workspaceId: WorkspaceId, channel: string) => {
  const { rows } = await sql<{ settings: unknown; sealed: string | null }>`
    select settings, sealed from channel_setting where workspace_id = ${workspaceId} and channel = ${channel}`.execute(
    tx,
  )
  return rows[0] ?? null
}

export const writeChannelSetting = (
  tx: Tx,
  workspaceId: WorkspaceId,
  channel: string,
  kept: { settings: object; sealed: string | null; at: Instant; by: string },
) =>
  sql`
    insert into channel_setting (workspace_id, channel, settings, sealed, updated_at, updated_by)
    values (${workspaceId}, ${channel}, ${JSON.stringify(kept.settings)}::jsonb, ${kept.sealed}, ${kept.at}, ${kept.by})
    on conflict (workspace_id, channel) do update set settings = excluded.settings, sealed = excluded.sealed,
      updated_at = excluded.updated_at, updated_by = excluded.updated_by`.execute(tx)

export const deleteChannelSetting = (tx: Tx, workspaceId: WorkspaceId, channel: string) =>
  sql`delete from channel_setting where workspace_id = ${workspaceId} and channel = ${channel}`.execute(tx)
