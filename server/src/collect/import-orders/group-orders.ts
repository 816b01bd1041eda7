import { toMinor } from '../../kernel/index.ts'
import type { ImportedOrder } from './order-events.ts'
import type { OrderGroup } from './order-group-store.ts'
import type { RejectionReason } from './rejection-reasons.ts'

export type GroupedOrders =
  | {
      readonly kind: 'orders'
      readonly orders: readonly ImportedOrder[]
      /** What those of the same key that are not among these come to, in minor units. */
      readonly laterMinor: number
    }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason }

/** Some of the equal rows of one key, counted from 0; `to` is not among them. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface Grouped {
  readonly group: OrderGroup
  readonly made: GroupedOrders
}

/**
 * The lines of one key as orders. With order numbers that is one order, whose amounts are added and whose time is that
 * of its first line; without, each of these equal rows is an order of its own, numbered in turn, and `stretch` says which
 * of them are wanted.
 */
export const ordersOfGroup = (
  group: OrderGroup,
  options: { readonly hasOrderNumbers: boolean; readonly source: string; readonly cancels: string | null },
  { from, to }: Stretch = { from: 0, to: group.lines },
): GroupedOrders => {
  if (group.currencies > 1) return { kind: 'rejected', reason: 'mixed-currencies' }
  if (group.customers > 1) return { kind: 'rejected', reason: 'several-customers' }
  const { customer, email, at, currency, orderKey } = group
  const common = { customer, email, at, currency }
  const minor = minorOf(options.hasOrderNumbers ? group.total : group.single, currency)
  if (minor === null) return { kind: 'rejected', reason: 'too-big' }
  if (options.hasOrderNumbers) {
    return {
      kind: 'orders',
      orders: [{ ...common, orderId: orderKey, minor, lines: group.lines, cancels: options.cancels }],
      laterMinor: 0,
    }
  }
  return {
    kind: 'orders',
    orders: Array.from({ length: to - from }, (_, index) => ({
      ...common,
      orderId: `${options.source}-${orderKey}-${from + index + 1}`,
      minor,
      lines: 1,
      cancels: null,
    })),
    laterMinor: minor * (group.lines - to),
  }
}

/** A decimal text of major units, as PostgreSQL summed it, to minor units; null when they are more than can be counted. */
const minorOf = (major: string, currency: string): number | null => toMinor(Number(major), currency)

/** Leaves out orders with which what the file comes to in their currency (so far: `totals`) would be too much to count. */
export const rejectBeyondTotal = (
  grouped: readonly Grouped[],
  totals: Readonly<Record<string, number>>,
): readonly Grouped[] => {
  const sums = new Map(Object.entries(totals))
  return grouped.map(({ group, made }) => {
    if (made.kind === 'rejected') return { group, made }
    const sum = made.orders.reduce((before, { minor }) => before + minor, sums.get(group.currency) ?? 0)
    if (!Number.isSafeInteger(sum) || !Number.isSafeInteger(sum + made.laterMinor))
      return { group, made: { kind: 'rejected', reason: 'too-big' } }
    sums.set(group.currency, sum)
    return { group, made }
  })
}
