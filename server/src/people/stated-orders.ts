import { guestPrefix, type ParsedEvent, type ReadEvent } from '../collect/index.ts'
import type { SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { ReadBatch } from './fold-batch.ts'
import { addFacts, foldOrder, type KeptFact, type OrderFact, orderFactOf } from './fold-order.ts'
import { loadOrders, type OrderRow } from './order-store.ts'
import type { ResolvedIdentity } from './resolve-identity.ts'

/** What a turn's events say of orders, beside those orders as they stand. */
export interface StatedOrders {
  readonly said: ReadonlyMap<ReadEvent, { readonly orderId: string; readonly fact: OrderFact }>
  readonly orders: ReadonlyMap<string, OrderRow>
  /** Keys of the messages that their order has kept: an order remembers longer than the message ids are kept. */
  readonly keptKeys: ReadonlySet<string>
}

/** `keys` by batch and index, as of `sortBatches`; orders of which only seen messages speak are not looked up. */
export const findStatedOrders = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  batches: readonly ReadBatch[],
  keys: readonly (readonly (string | null)[])[],
  seen: ReadonlySet<string>,
): Promise<StatedOrders> => {
  const said = new Map<ReadEvent, { orderId: string; fact: OrderFact; key: string }>()
  batches.forEach((batch, batchIndex) => {
    batch.events.forEach((event, index) => {
      const key = keys[batchIndex]?.[index]
      if (event.kind !== 'event' || !key || seen.has(key)) return
      const found = orderFactOf(event)
      if (found) said.set(event, { ...found, key })
    })
  })
  const orders = await loadOrders(tx, workspaceId, [...new Set([...said.values()].map(({ orderId }) => orderId))])
  const keptKeys = new Set<string>()
  const keptIds = new Map([...orders].map(([orderId, { facts }]) => [orderId, messageIdsOf(facts)]))
  for (const { orderId, fact, key } of said.values()) if (keptIds.get(orderId)?.has(fact.messageId)) keptKeys.add(key)
  return { said, orders, keptKeys }
}

const messageIdsOf = (facts: readonly KeptFact[]): ReadonlySet<string> =>
  new Set(facts.map(({ messageId }) => messageId))

export interface FoldedOrders {
  /** Those that changed: of one that has more facts than are kept, most say nothing new. */
  readonly rows: readonly OrderRow[]
  /** The order each accepted event is about, by its index, where it changed. */
  readonly ofEvent: ReadonlyMap<number, string>
}

const isGuest = ({ userId, anonymousId }: ParsedEvent): boolean =>
  userId === null && anonymousId?.startsWith(guestPrefix) === true

const areSame = (before: readonly KeptFact[], after: readonly KeptFact[]): boolean => {
  const ids = messageIdsOf(before)
  return before.length === after.length && after.every(({ messageId }) => ids.has(messageId))
}

/** The orders anew, with what the accepted events say of them. */
export const foldStatedOrders = (
  events: readonly ParsedEvent[],
  identity: ResolvedIdentity,
  stated: StatedOrders,
  currency: string,
): FoldedOrders => {
  const facts = new Map<string, { subjectId: SubjectId; guest: boolean; facts: OrderFact[] }>()
  const ofEvent = new Map<number, string>()
  events.forEach((event, index) => {
    const subjectId = identity.subjectOfEvent[index]
    const found = stated.said.get(event)
    if (!subjectId || !found) return
    const order = facts.get(found.orderId) ?? { subjectId, guest: isGuest(event), facts: [] }
    order.facts.push(found.fact)
    facts.set(found.orderId, order)
    ofEvent.set(index, found.orderId)
  })
  const rows = [...facts].flatMap(([orderId, fresh]): OrderRow[] => {
    const before = stated.orders.get(orderId)
    const all = addFacts(before?.facts ?? [], fresh.facts)
    if (before && areSame(before.facts, all)) return []
    // An order that no event named a currency for keeps the one it got, should the workspace change its own.
    const folded = foldOrder(all, before?.currency ?? currency)
    const { subjectId, guest } = before ?? fresh
    return [{ orderId, subjectId, guest, facts: all, ...folded }]
  })
  const changed = new Set(rows.map(({ orderId }) => orderId))
  return { rows, ofEvent: new Map([...ofEvent].filter(([, orderId]) => changed.has(orderId))) }
}
