import { expectedSpend, type GammaGammaParameters } from './gamma-gamma.ts'
import { type Discounting, discountedPurchasesIfAlive } from './lifetime-value.ts'
import type { PurchaseModel } from './purchase-model.ts'

/** That customers keep coming as they came in the time looked at, and cost as much to win. */
export interface AcquisitionAssumptions {
  readonly newCustomers: number
  readonly overYears: number
  /** Null where no acquisition costs were entered, or not all of them could be converted. */
  readonly costPerCustomerMinor: number | null
}

export interface FutureCustomers {
  readonly customersPerYear: number
  /** Margin of a customer's first purchase and of those expected after it, over a horizon of her own. */
  readonly valuePerCustomer: number
  readonly value: number
}

/** Customers who come evenly until the horizon: ∫ rate · e^{−δt} dt · (value − cost), δ = ln(1 + annual rate). */
export const valueFutureCustomers = (
  model: PurchaseModel,
  spend: GammaGammaParameters,
  margin: number,
  { newCustomers, overYears, costPerCustomerMinor }: AcquisitionAssumptions,
  discounting: Discounting,
): FutureCustomers => {
  const delta = Math.log1p(discounting.annualRate)
  const weighedYears = delta === 0 ? discounting.horizonYears : -Math.expm1(-delta * discounting.horizonYears) / delta
  const customersPerYear = overYears > 0 ? newCustomers / overYears : 0
  const purchases = 1 + discountedPurchasesIfAlive(model, 0, 0, discounting)
  const valuePerCustomer = margin * purchases * expectedSpend(spend, { x: 0, meanSpend: 0 })
  return {
    customersPerYear,
    valuePerCustomer,
    value: customersPerYear * weighedYears * (valuePerCustomer - (costPerCustomerMinor ?? 0)),
  }
}
