import type { Milliseconds } from '../kernel/index.ts'
import { isKept, type Lapse, type OrderFact } from './customer-facts.ts'

/**
 * When a customer was lost and won back, by her orders: lost is who keeps no purchase for so long, won back who buys
 * after that. True of the past, too, so that imported history has its churn.
 */
export const lapsesOfOrders = (orders: readonly OrderFact[], lostAfterMs: Milliseconds): Lapse[] => {
  const kept = orders
    .filter(isKept)
    .map((order) => order.at)
    .sort((a, b) => a - b)
  return kept.flatMap((at, index): Lapse[] => {
    const next = kept[index + 1] ?? null
    const lostAt = at + lostAfterMs
    return next !== null && next <= lostAt ? [] : [{ lostAt, wonBackAt: next }]
  })
}
