import { countable, dayMs, type Instant } from '../kernel/index.ts'
import type { Converter } from './currency-conversion.ts'
import { isKept, isWithin, type OrderFact, type Period } from './customer-facts.ts'

/** Twelve months, wherever a year's revenue is meant. */
export const yearMs = 365 * dayMs

/** Net revenue of these orders within a period, in minor units of the base currency. */
export const revenueIn = (orders: readonly OrderFact[], period: Period, { convert }: Converter): number =>
  countable(
    orders.reduce((sum, order) => (isWithin(period, order.at) ? sum + (convert(order.netMinor, order) ?? 0) : sum), 0),
  )

/** Net revenue of the twelve months up to an instant, not including it. */
export const trailingRevenue = (orders: readonly OrderFact[], until: Instant, converter: Converter): number =>
  revenueIn(orders, { from: until - yearMs, to: until }, converter)

/** Net revenue of the twelve months up to and including her last kept purchase before an instant. */
export const revenueOfLastYear = (orders: readonly OrderFact[], before: Instant, converter: Converter): number => {
  const last = orders.reduce(
    (latest, order) => (isKept(order) && order.at < before ? Math.max(latest, order.at) : latest),
    Number.NEGATIVE_INFINITY,
  )
  return last === Number.NEGATIVE_INFINITY ? 0 : trailingRevenue(orders, last + 1, converter)
}
