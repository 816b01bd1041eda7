import { BugError, toMinor } from '../../kernel/index.ts'
import type { OrderGroup } from './import-store.ts'
import type { ImportedOrder } from './order-events.ts'
import type { RejectionReason } from './rejection-reasons.ts'

export type GroupedOrders =
  | { readonly kind: 'orders'; readonly orders: readonly ImportedOrder[] }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason }

/**
 * The lines of one key as orders. With order numbers that is one order, whose amounts are added and whose time is that
 * of its first line; without, each of these equal rows is an order of its own, numbered in turn.
 */
export const ordersOfGroup = (
  group: OrderGroup,
  options: { readonly hasOrderNumbers: boolean; readonly source: string; readonly cancels: string | null },
): GroupedOrders => {
  if (group.currencies > 1) return { kind: 'rejected', reason: 'mixed-currencies' }
  if (group.customers > 1) return { kind: 'rejected', reason: 'several-customers' }
  const { customer, email, at, currency, orderKey } = group
  const common = { customer, email, at, currency }
  if (options.hasOrderNumbers) {
    const minor = minorOf(group.total, currency)
    return {
      kind: 'orders',
      orders: [{ ...common, orderId: orderKey, minor, lines: group.lines, cancels: options.cancels }],
    }
  }
  const minor = minorOf(group.single, currency)
  return {
    kind: 'orders',
    orders: Array.from({ length: group.lines }, (_, index) => ({
      ...common,
      orderId: `${options.source}-${orderKey}-${index + 1}`,
      minor,
      lines: 1,
      cancels: null,
    })),
  }
}

/** A decimal text of major units, as PostgreSQL summed it, to minor units. */
export const minorOf = (major: string, currency: string): number => {
  const minor = toMinor(Number(major), currency)
  if (minor === null) throw new BugError(`An order's amount does not fit: ${major} ${currency}`)
  return minor
}
