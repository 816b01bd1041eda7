import { expectedSpend, type GammaGammaParameters, type RepeatSpend } from './gamma-gamma.ts'
import { createDiscounter, type Discounting } from './lifetime-value.ts'
import type { PurchaseModel } from './purchase-model.ts'
import type { PurchaseSummary } from './purchase-summary.ts'

/** What a non-contractual customer is expected to bring until the horizon, and what that rests on. */
export interface CustomerValue {
  readonly pAlive: number
  /** Purchases expected until the horizon, each discounted to today. */
  readonly discountedPurchases: number
  readonly expectedSpend: number
  /** discountedPurchases × expectedSpend × margin, in the currency of the spends. */
  readonly value: number
}

export interface ValuationAssumptions {
  readonly discounting: Discounting
  /** The share of revenue that is left after the cost of what was sold. */
  readonly margin: number
}

/** Values customers one by one (Fader, Hardie & Lee, JMR 42 (2005): value = margin × spend × discounted transactions). */
export const createValuation = (
  model: PurchaseModel,
  spend: GammaGammaParameters,
  { discounting, margin }: ValuationAssumptions,
): ((customer: PurchaseSummary & RepeatSpend) => CustomerValue) => {
  const discount = createDiscounter(model, discounting)
  return (customer) => {
    const discountedPurchases = discount(customer)
    const each = expectedSpend(spend, customer)
    return {
      pAlive: model.pAlive(customer),
      discountedPurchases,
      expectedSpend: each,
      value: discountedPurchases * each * margin,
    }
  }
}
