import { sql } from 'kysely'
import { readPosition } from '../jobs/index.ts'
import type { Instant, Position, WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { GuestOrders } from './compute-statement.ts'
import { createColumnsBuilder, type OrderColumns, type OrderRow } from './order-columns.ts'

/** How far the people stage had come, by lane: which orders a figure knows. */
export interface OrdersPosition {
  readonly live: Position
  readonly bulk: Position
}

export interface EquityFacts {
  readonly orders: OrderColumns
  /** Orders that name no customer, within the period asked for, by currency and by the rates that hold. */
  readonly guests: readonly GuestOrders[]
  readonly position: OrdersPosition
}

interface FactsRange {
  readonly base: string
  readonly before: Instant
  readonly guestsFrom: Instant
  /** When rates begin to hold, in any order. */
  readonly ratesFrom: readonly Instant[]
}

/** Rows are parsed on the thread that answers: a few milliseconds at a time. */
const rowsPerFetch = 5_000

/** Nothing is kept of what was cancelled; a refund lessens the order it is of. */
const net = sql`case when o.cancelled then 0 else o.gross_minor - o.refunded_minor end`

export const readOrdersPosition = async (tx: Tx, workspaceId: WorkspaceId): Promise<OrdersPosition> => ({
  live: await readPosition(tx, workspaceId, 'people', 'live'),
  bulk: await readPosition(tx, workspaceId, 'people', 'bulk'),
})

/**
 * Every order up to an instant with whose it is, and the position it was read at; one consistent look. Orders of somebody who was
 * erased stand under a subject of nobody's: one customer, whom nothing can name.
 */
export const readEquityFacts = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  range: FactsRange,
): Promise<EquityFacts> =>
  postgres.inWorkspace(
    workspaceId,
    async (tx) => {
      const position = await readOrdersPosition(tx, workspaceId)
      await sql`
        declare equity_orders no scroll cursor for
        select coalesce(s.person_id, o.subject_id) as "personId", o.ordered_at as at, ${net} as "netMinor",
          o.stated_free and o.refunded_minor = 0 and not o.cancelled as "isFree", coalesce(o.currency, ${range.base}) as currency
        from customer_order o left join subject s using (workspace_id, subject_id)
        where o.workspace_id = ${workspaceId} and o.ordered_at < ${range.before}
          and not o.guest
        order by 1, o.ordered_at, o.order_id`.execute(tx)
      const builder = createColumnsBuilder()
      for (;;) {
        const { rows } = await sql<OrderRow>`fetch ${sql.lit(rowsPerFetch)} from equity_orders`.execute(tx)
        builder.add(rows)
        if (rows.length < rowsPerFetch) break
      }
      return { orders: builder.build(), guests: await readGuests(tx, workspaceId, range), position }
    },
    { readOnly: true, isolation: 'repeatable read', maxMs: 60_000 },
  )

const readGuests = async (tx: Tx, workspaceId: WorkspaceId, range: FactsRange): Promise<readonly GuestOrders[]> => {
  const begins = [...new Set(range.ratesFrom)].sort((a, b) => a - b)
  const { rows } = await sql<GuestOrders>`
    select coalesce(o.currency, ${range.base}) as currency, count(*)::bigint as orders, sum(${net})::float8 as "netMinor",
      min(o.ordered_at) as at
    from customer_order o
    where o.workspace_id = ${workspaceId} and o.ordered_at >= ${range.guestsFrom} and o.ordered_at < ${range.before}
      and o.guest
    group by 1, width_bucket(o.ordered_at, ${begins}::bigint[])`.execute(tx)
  return rows
}
