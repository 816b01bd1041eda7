import type { JsonObject } from '../collect/index.ts'
import { type Instant, isCurrency, toMinor } from '../kernel/index.ts'

/** One thing that was said about an order, as kept with its row. */
export interface OrderFact {
  readonly kind: 'completed' | 'updated' | 'refunded' | 'cancelled' | 'delivered'
  readonly at: Instant
  readonly messageId: string
  /** Amount in minor units; null where the event names none. */
  readonly amountMinor: number | null
  readonly currency: string | null
}

export interface FoldedOrder {
  readonly orderedAt: Instant
  readonly currency: string | null
  readonly grossMinor: number
  readonly refundedMinor: number
  readonly cancelled: boolean
  readonly deliveredAt: Instant | null
}

/** Events of Segment's e-commerce spec (v2) that change an order; the last two are Baton's own names for its hand-over. */
const kindsByEvent: Readonly<Record<string, OrderFact['kind']>> = {
  'Order Completed': 'completed',
  'Order Updated': 'updated',
  'Order Refunded': 'refunded',
  'Order Cancelled': 'cancelled',
  'Order Delivered': 'delivered',
  'Order Activated': 'delivered',
}

/**
 * What an event says about an order, or null when it is not about one. The amount is `revenue`, else `total`, else
 * `value` (Segment's spec: revenue is what the shop earns, total what the customer pays); its currency, else `fallbackCurrency`.
 */
export const orderFactOf = (
  event: { name: string; properties: JsonObject; occurredAt: Instant; messageId: string },
  fallbackCurrency: string,
): { orderId: string; fact: OrderFact } | null => {
  const kind = kindsByEvent[event.name]
  const { order_id: id } = event.properties
  if (!kind || (typeof id !== 'string' && typeof id !== 'number') || `${id}`.length === 0) return null
  const stated = event.properties.currency
  const currency =
    typeof stated === 'string' && isCurrency(stated.toUpperCase()) ? stated.toUpperCase() : fallbackCurrency
  const amount = [event.properties.revenue, event.properties.total, event.properties.value]
    .map((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value))
    .find((value): value is number => typeof value === 'number' && Number.isFinite(value))
  return {
    orderId: `${id}`.slice(0, 200),
    fact: {
      kind,
      at: event.occurredAt,
      messageId: event.messageId,
      amountMinor: amount === undefined ? null : toMinor(amount, currency),
      currency,
    },
  }
}

/**
 * An order from all that was said of it, in order of time and message id, whatever order it arrived in. A refund
 * without an amount is of everything; a cancellation takes the whole; a refund of an order never seen stands as
 * negative revenue.
 */
export const foldOrder = (facts: readonly OrderFact[]): FoldedOrder => {
  const ordered = [...facts].sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1))
  let grossMinor = 0
  let refundedMinor = 0
  let cancelled = false
  let currency: string | null = null
  let deliveredAt: Instant | null = null
  for (const fact of ordered) {
    currency ??= fact.currency
    if (fact.kind === 'completed' || fact.kind === 'updated') grossMinor = fact.amountMinor ?? grossMinor
    else if (fact.kind === 'refunded')
      refundedMinor += fact.amountMinor === null ? grossMinor : Math.abs(fact.amountMinor)
    else if (fact.kind === 'cancelled') cancelled = true
    else deliveredAt ??= fact.at
  }
  const opening = ordered.find((fact) => fact.kind === 'completed') ?? ordered[0]
  return { orderedAt: opening?.at ?? 0, currency, grossMinor, refundedMinor, cancelled, deliveredAt }
}

/** Adds facts, each message once. */
export const addFacts = (known: readonly OrderFact[], fresh: readonly OrderFact[]): readonly OrderFact[] => {
  const ids = new Set(known.map((fact) => fact.messageId))
  return [...known, ...fresh.filter((fact) => !ids.has(fact.messageId))]
}
