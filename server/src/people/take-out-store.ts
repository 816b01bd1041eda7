import { sql } from 'kysely'
import type { PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Identifier } from './identifiers.ts'

/** All subjects of whoever these ids belong to now. */
export const subjectsOfErased = async (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]) => {
  const { rows } = await sql<{ subjectId: SubjectId; personId: PersonId }>`
    select subject_id as "subjectId", person_id as "personId" from subject
    where workspace_id = ${workspaceId} and person_id in (
      select person_id from subject where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[]))
    order by subject_id for update`.execute(tx)
  return rows
}

/** Takes out what says who a person is: from here on nobody finds her. Answers the identifiers she had. */
export const takeOutPerson = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<readonly Identifier[]> => {
  const { rows } = await sql<Identifier>`
    delete from identifier where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])
    returning kind, value`.execute(tx)
  await sql`delete from profile where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(tx)
  await sql`delete from subject where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(tx)
  await sql`
    delete from person_token where workspace_id = ${workspaceId} and person_id = any(${ids}::uuid[])`.execute(tx)
  await sql`
    delete from identity_conflict
    where workspace_id = ${workspaceId} and (person_id = any(${ids}::uuid[]) or other_person_id = any(${ids}::uuid[]))`.execute(
    tx,
  )
  await sql`
    delete from parted_subject
    where workspace_id = ${workspaceId} and merge_id in (
      select merge_id from parted_subject where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[]))`.execute(
    tx,
  )
  await sql`
    delete from person_merge
    where workspace_id = ${workspaceId}
      and (winner_person_id = any(${ids}::uuid[]) or loser_person_id = any(${ids}::uuid[]))`.execute(tx)
  return rows
}

export const orderIdsOfSubjects = async (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]) => {
  const { rows } = await sql<{ orderId: string }>`
    select order_id as "orderId" from customer_order
    where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(tx)
  return rows.map(({ orderId }) => orderId)
}

/** Her orders go on being counted as nobody's in particular: another subject, another number, nothing of what was said of them. */
export const pseudonymiseOrders = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  orders: readonly { readonly orderId: string; readonly newOrderId: string }[],
  subjectId: SubjectId,
): Promise<void> => {
  if (orders.length === 0) return
  await sql`
    update customer_order o set subject_id = ${subjectId}, order_id = n.new_order_id, facts = '[]'
    from unnest(${orders.map((each) => each.orderId)}::text[], ${orders.map((each) => each.newOrderId)}::text[])
      n(order_id, new_order_id)
    where o.workspace_id = ${workspaceId} and o.order_id = n.order_id`.execute(tx)
}
