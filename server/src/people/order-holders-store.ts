import { sql } from 'kysely'
import type { PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Identifier } from './identifiers.ts'
import { loadShapes } from './identity-store.ts'

/** All identifiers of the person whom each of these orders stands under; an order never seen is missing. */
export const readOrderHolders = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Identifier[]>> => {
  if (orderIds.length === 0) return new Map()
  const { rows } = await sql<{ orderId: string; personId: PersonId | null }>`
    select o.order_id as "orderId", s.person_id as "personId"
    from customer_order o left join subject s using (workspace_id, subject_id)
    where o.workspace_id = ${workspaceId} and o.order_id = any(${orderIds}::text[])`.execute(tx)
  const persons = new Set(rows.flatMap(({ personId }) => personId ?? []))
  const shapes = await loadShapes(tx, workspaceId, [...persons])
  return new Map(rows.map(({ orderId, personId }) => [orderId, (personId && shapes.get(personId)?.identifiers) || []]))
}
