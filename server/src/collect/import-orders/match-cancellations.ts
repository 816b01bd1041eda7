import type { Instant } from '../../kernel/index.ts'

/** An order of the file as far as matching goes; returns have a negative amount. */
export interface OrderSum {
  readonly orderKey: string
  readonly customer: string
  readonly at: Instant
  readonly minor: number
  readonly currency: string
}

/**
 * Which order each return cancels: the newest order of the same customer, not after the return, of exactly the same
 * amount and currency, that no earlier return has taken. What matches none stands for itself, as negative revenue of
 * its own day. (A file names no such link; a part return can't be told from another customer's habit of prices.)
 */
export const matchCancellations = (orders: readonly OrderSum[]): ReadonlyMap<string, string> => {
  const cancelled = new Map<string, string>()
  for (const own of Map.groupBy(orders, (order) => `${order.customer}\n${order.currency}`).values()) {
    if (!own.some((order) => order.minor < 0)) continue
    const open = new Map<number, OrderSum[]>()
    const inTime = own.toSorted((a, b) => a.at - b.at || b.minor - a.minor || (a.orderKey < b.orderKey ? -1 : 1))
    for (const order of inTime) {
      if (order.minor > 0) {
        const same = open.get(order.minor) ?? []
        same.push(order)
        open.set(order.minor, same)
      } else if (order.minor < 0) {
        const taken = open.get(-order.minor)?.pop()
        if (taken) cancelled.set(order.orderKey, taken.orderKey)
      }
    }
  }
  return cancelled
}
