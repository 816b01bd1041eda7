import { countable } from '../kernel/index.ts'
import { type CustomerValue, createValuation } from './customer-valuation.ts'
import { forwardStandardErrors } from './forward-uncertainty.ts'
import { type AcquisitionAssumptions, valueFutureCustomers } from './future-customers.ts'
import { fitGammaGamma, type GammaGammaParameters } from './gamma-gamma.ts'
import { type FitRefusal, type FitWarning, fitPurchaseModel, type PurchaseModelName } from './purchase-model.ts'
import { purchaseModels } from './purchase-models.ts'
import { type PurchaseHistory, unitsPerYear } from './rfm.ts'

/** What the forward figure supposes; every one of these is shown beside it. */
export interface ForwardAssumptions {
  readonly model: PurchaseModelName
  /** The share of revenue that is left after the cost of what was sold. */
  readonly margin: number
  readonly annualDiscountRate: number
  readonly horizonYears: number
  readonly acquisition: AcquisitionAssumptions
}

/**
 * The forward figure of customer equity: discounted expected margin of current customers, and of those yet to come.
 * In minor units; the total of current customers is the sum of what stands beside each of them.
 */
export type ForwardEquity =
  | ComputedForwardEquity
  | { readonly kind: 'not-computed'; readonly reason: FitRefusal; readonly explanation: string }

export interface ComputedForwardEquity {
  readonly kind: 'computed'
  readonly assumptions: ForwardAssumptions
  readonly current: Figure
  readonly future: FutureFigure
  readonly total: Figure
  readonly people: readonly PersonValue[]
  readonly parameters: Readonly<Record<string, number>>
  readonly spend: GammaGammaParameters
  readonly warnings: readonly ForwardWarning[]
}

/** `short-history`: the horizon is more than four times as long as what the model has seen. */
export type ForwardWarning = FitWarning | 'short-history'

export interface Figure {
  readonly minor: number
  /**
   * 95 %, for what the data leave open about the parameters (delta method, covariance from the likelihood's Hessian),
   * not for what single customers then happen to do. Null where the data leave a direction open altogether.
   */
  readonly interval: readonly [lowMinor: number, highMinor: number] | null
}

/** Without known acquisition costs the value of customers to come says so instead of showing a net figure. */
export interface FutureFigure extends Figure {
  readonly kind: 'net-of-acquisition-costs' | 'without-acquisition-costs'
  readonly customersPerYear: number
  readonly valuePerCustomerMinor: number
}

export interface PersonValue extends Pick<CustomerValue, 'pAlive' | 'discountedPurchases'> {
  readonly personId: string
  readonly expectedSpendMinor: number
  readonly valueMinor: number
}

/** The history's values are in minor units. */
export const computeForwardEquity = (history: PurchaseHistory, assumptions: ForwardAssumptions): ForwardEquity => {
  const { customers } = history
  const { margin, acquisition, annualDiscountRate, horizonYears } = assumptions
  const family = purchaseModels[assumptions.model]
  const purchaseFit = fitPurchaseModel(family, customers)
  if (purchaseFit.kind === 'not-fitted') return { ...purchaseFit, kind: 'not-computed' }
  const spendFit = fitGammaGamma(customers)
  if (spendFit.kind === 'not-fitted') return { ...spendFit, kind: 'not-computed' }

  const fitted = { model: purchaseFit.model, spend: spendFit.parameters }
  const discounting = { annualRate: annualDiscountRate, horizonYears, unitsPerYear: unitsPerYear(history.unit) }
  const valuation = createValuation(fitted.model, fitted.spend, { discounting, margin })
  const people = customers.map((customer): PersonValue => {
    const { pAlive, discountedPurchases, expectedSpend, value } = valuation(customer)
    return {
      personId: customer.customer,
      pAlive,
      discountedPurchases,
      expectedSpendMinor: countable(Math.round(expectedSpend)),
      valueMinor: countable(Math.round(value)),
    }
  })
  const currentMinor = countable(people.reduce((sum, person) => sum + person.valueMinor, 0))
  const future = valueFutureCustomers(fitted.model, fitted.spend, margin, acquisition, discounting)
  const futureMinor = countable(Math.round(future.value))
  const errors = forwardStandardErrors(customers, family, fitted, { margin, acquisition, discounting })
  return {
    kind: 'computed',
    assumptions,
    current: figure(currentMinor, errors?.current),
    future: {
      ...figure(futureMinor, errors?.future),
      kind: acquisition.costPerCustomerMinor === null ? 'without-acquisition-costs' : 'net-of-acquisition-costs',
      customersPerYear: future.customersPerYear,
      valuePerCustomerMinor: countable(Math.round(future.valuePerCustomer)),
    },
    total: figure(countable(currentMinor + futureMinor), errors?.total),
    people,
    parameters: fitted.model.parameters,
    spend: fitted.spend,
    warnings: [
      ...new Set([...purchaseFit.warnings, ...spendFit.warnings]),
      ...(isShort(history, horizonYears) ? (['short-history'] as const) : []),
    ],
  }
}

/** The models' predictions are tested over as long again as they were fitted on (Fader & Hardie: 39 weeks and 39 more). */
const longestReach = 4
const isShort = ({ customers, unit }: PurchaseHistory, horizonYears: number): boolean => {
  const seen = customers.reduce((longest, { T }) => Math.max(longest, T), 0)
  return (seen / unitsPerYear(unit)) * longestReach < horizonYears
}

const normal95 = 1.959963984540054

/** Of a positive figure on its logarithm, so that the low end stays positive, too. */
const figure = (minor: number, standardError: number | undefined): Figure => {
  if (standardError === undefined || !Number.isFinite(standardError)) return { minor, interval: null }
  const reach = normal95 * standardError
  const [low, high] =
    minor > 0 ? [minor * Math.exp(-reach / minor), minor * Math.exp(reach / minor)] : [minor - reach, minor + reach]
  return { minor, interval: [countable(Math.round(low)), countable(Math.round(high))] }
}
