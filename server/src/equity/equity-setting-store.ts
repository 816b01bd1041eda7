import { type EquitySettings, equitySettings } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** A discount rate of 12 % is what Gupta, Lehmann & Stuart (2004) took; beyond five years little of a figure is left. */
export const defaultEquitySettings: EquitySettings = {
  model: 'bg-nbd',
  margin: null,
  annualDiscountRate: 0.12,
  horizonYears: 5,
}

export const readEquitySettings = async (tx: Tx, workspaceId: WorkspaceId): Promise<EquitySettings> => {
  const { rows } = await sql<{ settings: unknown }>`
    select settings from equity_setting where workspace_id = ${workspaceId}`.execute(tx)
  const kept = equitySettings.partial().safeParse(rows[0]?.settings ?? {})
  return { ...defaultEquitySettings, ...(kept.success ? kept.data : {}) }
}

export const writeEquitySettings = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  settings: EquitySettings,
  by: { readonly at: Instant; readonly actor: string },
): Promise<void> => {
  await sql`
    insert into equity_setting (workspace_id, settings, updated_at, updated_by)
    values (${workspaceId}, ${JSON.stringify(settings)}::jsonb, ${by.at}, ${by.actor})
    on conflict (workspace_id) do update
      set settings = excluded.settings, updated_at = excluded.updated_at, updated_by = excluded.updated_by`.execute(tx)
}
