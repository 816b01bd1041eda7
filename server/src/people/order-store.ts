import { sql } from 'kysely'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { FoldedOrder, KeptFact } from './fold-order.ts'

export interface OrderRow extends FoldedOrder {
  readonly orderId: string
  readonly subjectId: SubjectId
  /** Whoever made it is named by nothing; stays when she is erased. */
  readonly guest: boolean
  readonly facts: readonly KeptFact[]
}

const columns = sql`
  order_id as "orderId", subject_id as "subjectId", guest, ordered_at as "orderedAt", currency, gross_minor as "grossMinor",
  stated_free as "statedFree", refunded_minor as "refundedMinor", cancelled, delivered_at as "deliveredAt", facts`

export const loadOrders = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, OrderRow>> => {
  if (orderIds.length === 0) return new Map()
  const { rows } = await sql<OrderRow>`
    select ${columns} from customer_order
    where workspace_id = ${workspaceId} and order_id = any(${orderIds}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.orderId, row]))
}

/** The newest orders that stand under these subjects. */
export const loadNewestOrders = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
  limit: number,
): Promise<readonly OrderRow[]> => {
  const { rows } = await sql<OrderRow>`
    select ${columns} from customer_order
    where workspace_id = ${workspaceId} and subject_id = any(${subjects}::uuid[])
    order by ordered_at desc, order_id limit ${limit}`.execute(tx)
  return rows
}

/** A person's orders in one currency: gross less refunds, cancelled ones nothing. */
export interface OrderSum {
  readonly personId: PersonId
  readonly currency: string | null
  readonly orders: number
  readonly notCancelled: number
  readonly keptMinor: number
}

/** All orders of persons, summed by currency; who has none is missing. */
export const sumOrdersOfPersons = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, readonly OrderSum[]>> => {
  const { rows } = await sql<OrderSum>`
    select s.person_id as "personId", o.currency, count(*)::bigint as orders,
      count(*) filter (where not o.cancelled)::bigint as "notCancelled",
      coalesce(sum(o.gross_minor - o.refunded_minor) filter (where not o.cancelled), 0)::float8 as "keptMinor"
    from subject s join customer_order o using (workspace_id, subject_id)
    where s.workspace_id = ${workspaceId} and s.person_id = any(${persons}::uuid[])
    group by s.person_id, o.currency`.execute(tx)
  return Map.groupBy(rows, ({ personId }) => personId)
}

export const saveOrders = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  orders: readonly OrderRow[],
  version: Position,
): Promise<void> => {
  if (orders.length === 0) return
  const of = <Value>(pick: (order: OrderRow) => Value) => orders.map(pick)
  await sql`
    insert into customer_order (workspace_id, order_id, subject_id, guest, ordered_at, currency, gross_minor, stated_free,
      refunded_minor, cancelled, delivered_at, facts, version)
    select ${workspaceId}, row.*, ${version}
    from unnest(${of((o) => o.orderId)}::text[], ${of((o) => o.subjectId)}::uuid[], ${of((o) => o.guest)}::boolean[], ${of((o) => o.orderedAt)}::bigint[],
      ${of((o) => o.currency)}::text[], ${of((o) => o.grossMinor)}::bigint[], ${of((o) => o.statedFree)}::boolean[],
      ${of((o) => o.refundedMinor)}::bigint[],
      ${of((o) => o.cancelled)}::boolean[], ${of<Instant | null>((o) => o.deliveredAt)}::bigint[],
      ${of((o) => JSON.stringify(o.facts))}::jsonb[]) row
    on conflict (workspace_id, order_id) do update set
      ordered_at = excluded.ordered_at, currency = excluded.currency, gross_minor = excluded.gross_minor,
      stated_free = excluded.stated_free, refunded_minor = excluded.refunded_minor, cancelled = excluded.cancelled, delivered_at = excluded.delivered_at,
      facts = excluded.facts, version = excluded.version`.execute(tx)
}
