import { nelderMead } from './nelder-mead.ts'
import { groupSummaries, type PurchaseSummary, type SummaryGroup } from './purchase-summary.ts'

/**
 * A "buy till you die" model with its parameters: how often customers of a non-contractual business will buy.
 * Expected purchases of a customer = P(alive) × expected purchases of one who is alive; the second depends on (x, T) only.
 * A customer yet to come, at her first purchase, is x = 0, T = 0.
 */
export interface PurchaseModel {
  readonly name: PurchaseModelName
  readonly parameters: Readonly<Record<string, number>>
  /** The time in which behaviour changes noticeably at the beginning; integrals are spaced by it. */
  readonly timeScale: number
  /** The probability that she still is a customer at the end of her observation. */
  pAlive(customer: PurchaseSummary): number
  /** Purchases expected in the next `t` of a customer who is alive at T after x repeat purchases. */
  purchasesIfAlive(x: number, T: number, t: number): number
}

export const purchaseModelNames = ['bg-nbd', 'pareto-nbd'] as const
export type PurchaseModelName = (typeof purchaseModelNames)[number]

/** Purchases expected of this customer in the next `t`. */
export const expectedPurchases = (model: PurchaseModel, customer: PurchaseSummary, t: number): number =>
  model.pAlive(customer) * model.purchasesIfAlive(customer.x, customer.T, t)

/** Repeat purchases expected of a customer not seen before, in `t` from her first purchase. */
export const expectedPurchasesOfNew = (model: PurchaseModel, t: number): number => model.purchasesIfAlive(0, 0, t)

/** A kind of model: how likely data are at given parameters, and the model that parameters make. All are positive. */
export interface PurchaseModelFamily {
  readonly name: PurchaseModelName
  readonly parameterNames: readonly string[]
  /** A place to begin, given the mean observed time. */
  start(meanT: number): readonly number[]
  /** Prepares the data once and gives the log-likelihood as a function of the parameters. */
  logLikelihood(groups: readonly SummaryGroup[]): (parameters: readonly number[]) => number
  at(parameters: readonly number[]): PurchaseModel
}

export type PurchaseFit =
  | {
      readonly kind: 'fitted'
      readonly model: PurchaseModel
      readonly logLikelihood: number
      readonly customers: number
      readonly evaluations: number
      readonly warnings: readonly FitWarning[]
    }
  | { readonly kind: 'not-fitted'; readonly reason: FitRefusal; readonly explanation: string }

export type FitRefusal = 'no-customers' | 'no-repeat-purchases' | 'no-repeat-spend' | 'impossible-history'
export type FitWarning = 'not-converged' | 'parameter-at-its-bound'

/** Log-parameters are searched within ±this: e^12 of anything is no longer told apart by data. */
export const logParameterBound = 12

/** The parameters under which these customers' histories are most likely, searched in logarithms. */
export const fitPurchaseModel = (family: PurchaseModelFamily, summaries: readonly PurchaseSummary[]): PurchaseFit => {
  const impossible = summaries.find((s) => !isPossible(s))
  if (impossible) {
    const { x, tx, T } = impossible
    return refuse(
      'impossible-history',
      `x = ${x}, t_x = ${tx}, T = ${T} can't be: it must hold that 0 ≤ t_x ≤ T, t_x = 0 without a repeat purchase`,
    )
  }
  if (summaries.length === 0)
    return refuse('no-customers', 'There is no customer with a purchase in the calibration period')
  if (summaries.every((s) => s.x === 0)) {
    return refuse(
      'no-repeat-purchases',
      'No customer has bought twice yet: wait for repeat purchases or use a longer period',
    )
  }
  const logLikelihood = family.logLikelihood(groupSummaries(summaries))
  const meanT = summaries.reduce((sum, s) => sum + s.T, 0) / summaries.length
  const minimum = nelderMead(
    (logs) =>
      logs.some((l) => Math.abs(l) > logParameterBound) ? Number.POSITIVE_INFINITY : -logLikelihood(logs.map(Math.exp)),
    family.start(Math.max(meanT, 1e-3)).map(Math.log),
  )
  const warnings: FitWarning[] = []
  if (!minimum.converged) warnings.push('not-converged')
  if (minimum.point.some((l) => Math.abs(l) > logParameterBound - 0.1)) warnings.push('parameter-at-its-bound')
  return {
    kind: 'fitted',
    model: family.at(minimum.point.map(Math.exp)),
    logLikelihood: -minimum.value,
    customers: summaries.length,
    evaluations: minimum.evaluations,
    warnings,
  }
}

const refuse = (reason: FitRefusal, explanation: string): PurchaseFit => ({ kind: 'not-fitted', reason, explanation })

const isPossible = ({ x, tx, T }: PurchaseSummary): boolean =>
  Number.isSafeInteger(x) && x >= 0 && Number.isFinite(T) && tx >= 0 && tx <= T && (x > 0 || tx === 0)
