import type { PurchaseModel } from './purchase-model.ts'
import type { PurchaseSummary } from './purchase-summary.ts'
import { integrate } from './special-functions.ts'

/**
 * The margin multiple m·r/(1+i−r) with m = 1: value of a customer per unit of margin a period, who stays with
 * probability r, first margin after one period, for ever (Gupta, Lehmann & Stuart, "Valuing Customers", Journal of
 * Marketing Research 41 (2004) 7–18).
 */
export const marginMultiple = (retention: number, discountRate: number): number =>
  retention / (1 + discountRate - retention)

/** The same in money: the lifetime value less what it cost to win her. */
export const constantRetentionValue = (input: {
  readonly margin: number
  readonly retention: number
  readonly discountRate: number
  readonly acquisitionCost?: number
}): number => input.margin * marginMultiple(input.retention, input.discountRate) - (input.acquisitionCost ?? 0)

/** How the future is weighed. BG/NBD has no finite undiscounted total, so there always is a horizon, and it is said. */
export interface Discounting {
  /** A year's rate: .12 makes a margin of 1 in a year worth 1/1.12 today. */
  readonly annualRate: number
  readonly horizonYears: number
  /** How many of the model's time units make a year. */
  readonly unitsPerYear: number
}

/**
 * Purchases expected until the horizon of a customer who is alive, each discounted from the instant at which it is
 * expected: ∫ e^{−δt} dE(t) = e^{−δH} E(H) + δ ∫ e^{−δt} E(t) dt, δ = ln(1+rate). Integrated over ln(1 + t/scale),
 * where E is nearly a straight line. Times P(alive) it is the customer's discounted expected transactions.
 */
export const discountedPurchasesIfAlive = (
  model: PurchaseModel,
  x: number,
  T: number,
  discounting: Discounting,
): number => {
  const horizon = discounting.horizonYears * discounting.unitsPerYear
  const delta = Math.log1p(discounting.annualRate) / discounting.unitsPerYear
  const scale = model.timeScale + T
  const weighed = integrate(
    (u) => {
      const t = scale * Math.expm1(u)
      return Math.exp(-delta * t) * model.purchasesIfAlive(x, T, t) * (t + scale)
    },
    0,
    Math.log1p(horizon / scale),
  )
  return Math.exp(-delta * horizon) * model.purchasesIfAlive(x, T, horizon) + delta * weighed
}

/** Discounts many customers; the costly part depends on (x, T) alone and is kept. */
export const createDiscounter = (
  model: PurchaseModel,
  discounting: Discounting,
): ((customer: PurchaseSummary) => number) => {
  const kept = new Map<number, Map<number, number>>()
  return (customer) => {
    const byT = kept.get(customer.x) ?? new Map<number, number>()
    if (byT.size === 0) kept.set(customer.x, byT)
    const known = byT.get(customer.T)
    const purchases = known ?? discountedPurchasesIfAlive(model, customer.x, customer.T, discounting)
    if (known === undefined) byT.set(customer.T, purchases)
    return model.pAlive(customer) * purchases
  }
}
