import { type RawBuilder, sql } from 'kysely'
import type { Instant, WorkspaceId } from '../../kernel/index.ts'
import type { Tx } from '../../stores/index.ts'

/** All lines of one order key. */
export interface OrderGroup {
  readonly orderKey: string
  readonly customer: string | null
  readonly email: string | null
  /** How many its lines name, as far as they can be told apart. */
  readonly customers: number
  readonly at: Instant
  /** Major units as decimal text: of all lines, and of one. */
  readonly total: string
  readonly single: string
  readonly currency: string
  readonly currencies: number
  readonly lines: number
}

/**
 * Lines of these orders (a condition on `order_key`), summed by order. By an id here and an address there nobody can say that
 * they are two; by two ids they are, or by an address that stands alone beside others.
 */
const readGroups = async (
  tx: Tx,
  of: { readonly workspaceId: WorkspaceId; readonly importId: string; readonly limit: number | null },
  keys: RawBuilder<unknown>,
): Promise<readonly OrderGroup[]> => {
  const lines = sql`order_import_line where workspace_id = ${of.workspaceId} and import_id = ${of.importId}`
  const { rows } = await sql<OrderGroup>`
    with found as (
      select order_key as "orderKey", max(customer) as customer, max(email) as email, count(distinct customer) as ids,
        min(ordered_at) as at, sum(amount)::text as total, min(amount)::text as single, max(currency) as currency,
        count(distinct currency)::bigint as currencies, count(*)::bigint as lines
      from ${lines} and ${keys} group by order_key order by order_key limit ${of.limit}
    ), addresses as (
      select order_key as "orderKey", count(*) filter (where not beside_id) + max(beside_id::int) as addresses
      from (select order_key, email, bool_or(customer is not null) as beside_id
            from ${lines} and order_key in (select "orderKey" from found) and email is not null
            group by order_key, email) each
      group by order_key
    )
    select "orderKey", customer, email, greatest(ids, coalesce(addresses, 0))::bigint as customers, at, total, single,
      currency, currencies, lines
    from found left join addresses using ("orderKey") order by "orderKey"`.execute(tx)
  return rows
}

/**
 * Order keys after one (from it on, where some of its rows are still to be written), each with its lines summed; in order, so
 * that few rows are read: those of one key, or about `lines`.
 */
export const readGroupsAfter = (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: { importId: string; after: string; isPart: boolean; limit: number; lines: number },
): Promise<readonly OrderGroup[]> => {
  const { importId, after, isPart, limit } = query
  const lines = sql`order_import_line where workspace_id = ${workspaceId} and import_id = ${importId}`
  const next = sql`order_key >= ${after} and (${isPart} or order_key > ${after})`
  return readGroups(
    tx,
    { workspaceId, importId, limit },
    sql`${next} and order_key <= coalesce(
      (select order_key from ${lines} and ${next} order by order_key offset ${query.lines} limit 1),
      (select max(order_key) from ${lines}))`,
  )
}

/** Every order of some customers, by id or e-mail, in this file. */
export const readGroupsOfCustomers = (
  tx: Tx,
  workspaceId: WorkspaceId,
  { importId, customers }: { importId: string; customers: readonly string[] },
): Promise<readonly OrderGroup[]> =>
  readGroups(
    tx,
    { workspaceId, importId, limit: null },
    sql`order_key in (
      select order_key from order_import_line
      where workspace_id = ${workspaceId} and import_id = ${importId}
        and (customer = any(${customers}::text[]) or email = any(${customers}::text[])))`,
  )
