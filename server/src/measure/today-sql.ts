import { countable, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

interface Since {
  readonly workspaceId: WorkspaceId
  readonly since: Instant
}

/** What people did since an instant, by hour counted from it; what was imported or came late is left out. */
export const countEventsByHour = async (
  clickhouse: ClickHouse,
  { workspaceId, since, until, batch }: Since & { readonly until: Instant; readonly batch: number },
): Promise<ReadonlyMap<number, number>> => {
  const rows = await clickhouse.query<{ hour: number; n: number }>({
    sql: `select intDiv(toUnixTimestamp64Milli(occurred_at) - {since:Int64}, 3600000) as hour, count() as n
      from event
      where workspace_id = {workspaceId:UUID} and batch <= {batch:UInt64} and not historic
        and occurred_at >= fromUnixTimestamp64Milli({since:Int64})
        and occurred_at <= fromUnixTimestamp64Milli({until:Int64})
        and received_at >= fromUnixTimestamp64Milli({since:Int64})
      group by hour`,
    params: { workspaceId, since, until, batch },
  })
  return new Map(rows.map((row) => [row.hour, row.n]))
}

export const countNewPeople = async (clickhouse: ClickHouse, { workspaceId, since }: Since): Promise<number> => {
  const [row] = await clickhouse.query<{ n: number }>({
    sql: `select count() as n from person final
      where workspace_id = {workspaceId:UUID} and not gone
        and first_seen_at >= fromUnixTimestamp64Milli({since:Int64})`,
    params: { workspaceId, since },
  })
  return row?.n ?? 0
}

export interface OrdersOfCurrency {
  readonly currency: string
  readonly orders: number
  readonly minor: number
}

/** Kept orders since an instant, net, by currency. */
export const sumOrdersSince = async (
  clickhouse: ClickHouse,
  { workspaceId, since }: Since,
): Promise<readonly OrdersOfCurrency[]> => {
  const rows = await clickhouse.query<OrdersOfCurrency>({
    sql: `select currency, count() as orders, sum(toFloat64(gross_minor - refunded_minor)) as minor
      from customer_order final
      where workspace_id = {workspaceId:UUID} and not cancelled
        and ordered_at >= fromUnixTimestamp64Milli({since:Int64})
      group by currency order by minor desc`,
    params: { workspaceId, since },
  })
  return rows.map((row) => ({ ...row, minor: countable(row.minor) }))
}
