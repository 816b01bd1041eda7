import type { Day } from '../kernel/index.ts'
import { dayMs, type Instant } from '../kernel/index.ts'
import type { Converter } from './currency-conversion.ts'
import type { PersonFacts } from './customer-facts.ts'
import type { Purchase } from './purchases-file.ts'
import { type PurchaseHistory, summarisePurchases, type TimeUnit } from './rfm.ts'

/**
 * Orders of people to the purchase histories the models take, observed up to `asOf`. Orders of which nothing is kept
 * drop out. Times are whole days of `dayOf` (the workspace's zone), so that many people share a history and each
 * different one is computed once.
 */
export const historyOfOrders = (
  people: readonly PersonFacts[],
  converter: Converter,
  {
    asOf,
    unit,
    dayOf = utcDay,
  }: { readonly asOf: Instant; readonly unit: TimeUnit; readonly dayOf?: (at: Instant) => Day },
): PurchaseHistory => {
  const purchases: Purchase[] = []
  for (const { personId, orders } of people) {
    for (const order of orders) {
      if (order.at > asOf || (order.netMinor === 0 && order.isFree !== true)) continue
      const value = converter.convert(order.netMinor, order)
      if (value !== null) purchases.push({ customer: personId, day: dayOf(order.at), value })
    }
  }
  return summarisePurchases(purchases, { unit, calibrationEnd: dayOf(asOf), observationEnd: dayOf(asOf) })
}

const utcDay = (at: Instant): Day => Math.floor(at / dayMs)
