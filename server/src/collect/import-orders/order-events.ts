import { type Instant, idOf, minorDigits } from '../../kernel/index.ts'
import type { JsonObject } from '../parse-event.ts'

/** An order number of the file with all its lines together. */
export interface ImportedOrder {
  readonly orderId: string
  readonly customer: string | null
  readonly email: string | null
  readonly at: Instant
  readonly minor: number
  readonly currency: string
  readonly lines: number
  /** The order that this return cancels as a whole. */
  readonly cancels: string | null
}

/** The order number under which the statement is kept: that of the order it cancels, else its own. */
export const statedOrderOf = ({ orderId, cancels }: ImportedOrder): string => cancels ?? orderId

/**
 * An order as events of Segment's e-commerce spec. The same row gives the same message ids whenever and by whom it is
 * imported, so that a repeat is removed as duplicate. A return is the `Order Cancelled` of the order it cancels as a whole,
 * else an `Order Refunded` under its own number, which then stands as negative revenue. Who names herself in no way is a
 * guest, and an `identify` says so, for rules.
 */
export const eventsOfOrder = (order: ImportedOrder, source: string): readonly JsonObject[] => {
  const who = identityOf(order, source)
  const timestamp = new Date(order.at).toISOString()
  const context = { import: source }
  const event = order.cancels !== null ? 'Order Cancelled' : order.minor < 0 ? 'Order Refunded' : 'Order Completed'
  const revenue = order.minor / 10 ** minorDigits(order.currency)
  const said = [event, order.orderId, order.cancels ?? '', ...Object.values(who), timestamp, String(order.minor)]
  const track: JsonObject = {
    type: 'track',
    event,
    messageId: idOf('order-import', source, ...said, order.currency),
    timestamp,
    ...who,
    properties: {
      order_id: statedOrderOf(order),
      revenue,
      currency: order.currency,
      lines: order.lines,
      ...(order.cancels === null ? {} : { refund_id: order.orderId }),
    },
    context,
  }
  const isGuest = order.customer === null && order.email === null
  if (order.email === null && !isGuest) return [track]
  const identify: JsonObject = {
    type: 'identify',
    messageId: idOf('order-import', source, 'identify', ...Object.values(who), order.email ?? 'guest'),
    timestamp,
    ...who,
    traits: isGuest ? { guest: true } : { email: order.email },
    context,
  }
  return [identify, track]
}

/** Anonymous ids with this beginning are guests: a person of one order, of whom nothing else can be known. */
export const guestPrefix = 'guest:'

const identityOf = (
  { customer, email, orderId }: ImportedOrder,
  source: string,
): { readonly [key: string]: string } => {
  if (customer !== null) return { userId: customer }
  if (email !== null) return { anonymousId: `email:${idOf<string>(email)}` }
  return { anonymousId: `${guestPrefix}${source}:${orderId}` }
}
