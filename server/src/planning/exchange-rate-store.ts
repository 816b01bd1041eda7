import type { ExchangeRateEntry } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** Newest first, into one base currency or all. */
export const listRates = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  base: string | null = null,
): Promise<ExchangeRateEntry[]> => {
  const { rows } = await sql<ExchangeRateEntry>`
    select currency, base, valid_from::text as "on", rate from exchange_rate
    where workspace_id = ${workspaceId} and (${base}::text is null or base = ${base})
    order by base, currency, valid_from desc`.execute(tx)
  return rows
}

/** Differs where the rates into a base currency up to a day do. */
export const markRates = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  of: { readonly base: string; readonly upTo: string },
): Promise<string> => {
  const { rows } = await sql<{ mark: string }>`
    select concat(count(*), ' ', sum(hashtextextended(concat(currency, ' ', valid_from, ' ', rate), 0))) as mark
    from exchange_rate
    where workspace_id = ${workspaceId} and base = ${of.base} and valid_from <= ${of.upTo}::date`.execute(tx)
  return rows[0]?.mark ?? ''
}

export const putRate = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  entry: ExchangeRateEntry,
  by: { readonly at: Instant; readonly actor: string },
): Promise<void> => {
  await sql`
    insert into exchange_rate (workspace_id, currency, base, valid_from, rate, entered_at, entered_by)
    values (${workspaceId}, ${entry.currency}, ${entry.base}, ${entry.on}::date, ${entry.rate}, ${by.at}, ${by.actor})
    on conflict (workspace_id, base, currency, valid_from) do update
      set rate = excluded.rate, entered_at = excluded.entered_at, entered_by = excluded.entered_by`.execute(tx)
}

export const deleteRate = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  entry: Pick<ExchangeRateEntry, 'currency' | 'base' | 'on'>,
): Promise<boolean> => {
  const { rows } = await sql`
    delete from exchange_rate
    where workspace_id = ${workspaceId} and currency = ${entry.currency} and base = ${entry.base}
      and valid_from = ${entry.on}::date
    returning 1`.execute(tx)
  return rows.length > 0
}
