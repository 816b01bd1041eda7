import type { Cost, CostDraft } from '@baton/contract'
import { sql } from 'kysely'
import { countable, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface NewCost extends CostDraft {
  readonly costId: string
  readonly importId: string | null
}

interface CostRow {
  readonly costId: string
  readonly on: string
  readonly amountMinor: number
  readonly currency: string
  readonly kind: Cost['kind']
  readonly phase: Cost['phase']
  readonly channel: string | null
  readonly partner: string | null
  readonly note: string | null
  readonly importId: string | null
  readonly createdAt: Instant
}

const columns = sql`
  cost_id as "costId", spent_on::text as "on", amount_minor as "amountMinor", currency, kind, phase, channel, partner,
  note, import_id as "importId", created_at as "createdAt"`

const toCost = ({ amountMinor, currency, ...row }: CostRow): Cost => ({
  ...row,
  amount: { minor: amountMinor, currency },
})

/** Adds costs whose ids are new; gives back the ids that were. */
export const insertCosts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  costs: readonly NewCost[],
  by: { readonly at: Instant; readonly actor: string },
): Promise<readonly string[]> => {
  const of = <Value>(pick: (cost: NewCost) => Value) => costs.map(pick)
  const { rows } = await sql<{ costId: string }>`
    insert into cost (workspace_id, cost_id, spent_on, amount_minor, currency, kind, phase, channel, partner, note,
      import_id, created_at, created_by)
    select ${workspaceId}, row.*, ${by.at}, ${by.actor}
    from unnest(${of((c) => c.costId)}::uuid[], ${of((c) => c.on)}::date[], ${of((c) => c.amount.minor)}::bigint[],
      ${of((c) => c.amount.currency)}::text[], ${of((c) => c.kind)}::text[], ${of((c) => c.phase)}::text[],
      ${of((c) => c.channel)}::text[], ${of((c) => c.partner)}::text[], ${of((c) => c.note)}::text[],
      ${of((c) => c.importId)}::uuid[]) row
    on conflict (workspace_id, cost_id) do nothing
    returning cost_id as "costId"`.execute(tx)
  return rows.map((row) => row.costId)
}

export const findCost = async (tx: Tx, workspaceId: WorkspaceId, costId: string): Promise<Cost | null> => {
  const { rows } = await sql<CostRow>`
    select ${columns} from cost where workspace_id = ${workspaceId} and cost_id = ${costId}`.execute(tx)
  return rows[0] ? toCost(rows[0]) : null
}

export const deleteCost = async (tx: Tx, workspaceId: WorkspaceId, costId: string): Promise<boolean> => {
  const { rows } = await sql`
    delete from cost where workspace_id = ${workspaceId} and cost_id = ${costId} returning 1`.execute(tx)
  return rows.length > 0
}

export interface CostFilter {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly kind?: string | undefined
  readonly phase?: string | undefined
  /** Only of these: the part of the operation that who asks answers for. */
  readonly phases?: readonly string[] | undefined
  readonly partner?: string | undefined
}

const matching = (workspaceId: WorkspaceId, filter: CostFilter) => sql`
  workspace_id = ${workspaceId}
  and (${filter.from ?? null}::date is null or spent_on >= ${filter.from ?? null}::date)
  and (${filter.to ?? null}::date is null or spent_on <= ${filter.to ?? null}::date)
  and (${filter.kind ?? null}::text is null or kind = ${filter.kind ?? null})
  and (${filter.phase ?? null}::text is null or phase = ${filter.phase ?? null})
  and (${filter.phases ?? null}::text[] is null or phase = any(${filter.phases ?? null}::text[]))
  and (${filter.partner ?? null}::text is null or partner = ${filter.partner ?? null})`

/** Newest day first, after the given key; one row more than asked for says that there is another page. */
export const listCosts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: CostFilter & { readonly after: readonly [on: string, costId: string] | null; readonly limit: number },
): Promise<readonly Cost[]> => {
  const [on, costId] = query.after ?? [null, null]
  const { rows } = await sql<CostRow>`
    select ${columns} from cost
    where ${matching(workspaceId, query)}
      and (${on}::date is null or (spent_on, cost_id) < (${on}::date, ${costId}::uuid))
    order by spent_on desc, cost_id desc limit ${query.limit + 1}`.execute(tx)
  return rows.map(toCost)
}

export interface CostTotal {
  readonly kind: Cost['kind']
  readonly currency: string
  readonly minor: number
  readonly entries: number
}

export const sumCosts = async (tx: Tx, workspaceId: WorkspaceId, filter: CostFilter): Promise<readonly CostTotal[]> => {
  const { rows } = await sql<CostTotal>`
    select kind, currency, sum(amount_minor)::float8 as minor, count(*)::bigint as entries from cost
    where ${matching(workspaceId, filter)}
    group by kind, currency order by kind, currency`.execute(tx)
  return rows.map((row) => ({ ...row, minor: countable(row.minor) }))
}

/** Every cost of some days, oldest first. */
export const readCostsBetween = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  days: { readonly from: string; readonly to: string },
): Promise<readonly Cost[]> => {
  const { rows } = await sql<CostRow>`
    select ${columns} from cost
    where workspace_id = ${workspaceId} and spent_on >= ${days.from}::date and spent_on <= ${days.to}::date
    order by spent_on, cost_id`.execute(tx)
  return rows.map(toCost)
}

/** Differs where the costs of a kind up to a day do: a cost's id stands for what it says, none is ever changed. */
export const markCosts = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  of: { readonly kind: Cost['kind']; readonly upTo: string },
): Promise<string> => {
  const { rows } = await sql<{ mark: string }>`
    select concat(count(*), ' ', sum(hashtextextended(cost_id::text, 0))) as mark from cost
    where workspace_id = ${workspaceId} and kind = ${of.kind} and spent_on <= ${of.upTo}::date`.execute(tx)
  return rows[0]?.mark ?? ''
}

export const anyCost = async (tx: Tx, workspaceId: WorkspaceId): Promise<boolean> => {
  const { rows } = await sql`select 1 from cost where workspace_id = ${workspaceId} limit 1`.execute(tx)
  return rows.length > 0
}
