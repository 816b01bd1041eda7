import { type AcquisitionAssumptions, valueFutureCustomers } from './future-customers.ts'
import {
  expectedSpend,
  type GammaGammaParameters,
  gammaGammaAt,
  gammaGammaCoordinates,
  gammaGammaLogLikelihood,
} from './gamma-gamma.ts'
import { createDiscounter, type Discounting } from './lifetime-value.ts'
import { blockDiagonal, covarianceAtMaximum, standardErrorsOf } from './parameter-uncertainty.ts'
import type { PurchaseModel, PurchaseModelFamily } from './purchase-model.ts'
import { groupSummaries } from './purchase-summary.ts'
import type { CustomerRecord } from './rfm.ts'

export interface ForwardStandardErrors {
  readonly current: number
  readonly future: number
  readonly total: number
}

/**
 * Standard errors of the forward figures by the delta method. Purchase, spend and arrival parameters come from
 * different parts of the data, so their covariances stand apart; arrivals are a Poisson count, whose logarithm has
 * variance 1 / count. Null where the likelihood leaves a direction open.
 */
export const forwardStandardErrors = (
  customers: readonly CustomerRecord[],
  family: PurchaseModelFamily,
  fitted: { readonly model: PurchaseModel; readonly spend: GammaGammaParameters },
  supposed: {
    readonly margin: number
    readonly acquisition: AcquisitionAssumptions
    readonly discounting: Discounting
  },
): ForwardStandardErrors | null => {
  const { margin, acquisition, discounting } = supposed
  const purchaseLogs = family.parameterNames.map((name) => Math.log(fitted.model.parameters[name] ?? 1))
  const spendPoint = gammaGammaCoordinates(fitted.spend)
  const purchaseLikelihood = family.logLikelihood(groupSummaries(customers))
  const spendLikelihood = gammaGammaLogLikelihood(customers.filter((c) => c.x > 0 && c.meanSpend > 0))
  const purchaseCovariance = covarianceAtMaximum((logs) => purchaseLikelihood(logs.map(Math.exp)), purchaseLogs)
  const spendCovariance = covarianceAtMaximum((point) => spendLikelihood(gammaGammaAt(point)), spendPoint)
  if (!purchaseCovariance || !spendCovariance) return null
  const arrivals = acquisition.newCustomers > 0 ? 1 / acquisition.newCustomers : 0

  const discounted = rememberLast((model: PurchaseModel) =>
    Float64Array.from(customers, createDiscounter(model, discounting)),
  )
  const modelAt = rememberModel(family)
  const figuresAt = (point: readonly number[]): readonly number[] => {
    const model = modelAt(point.slice(0, purchaseLogs.length))
    const spend = gammaGammaAt(point.slice(purchaseLogs.length))
    const purchases = discounted(model)
    const current = customers.reduce((sum, c, i) => sum + (purchases[i] ?? 0) * expectedSpend(spend, c), 0) * margin
    const newCustomers = acquisition.newCustomers * Math.exp(point.at(-1) ?? 0)
    const future = valueFutureCustomers(model, spend, margin, { ...acquisition, newCustomers }, discounting).value
    return [current, future, current + future]
  }
  const [current = 0, future = 0, total = 0] = standardErrorsOf(
    figuresAt,
    [...purchaseLogs, ...spendPoint, 0],
    blockDiagonal([purchaseCovariance, spendCovariance, [[arrivals]]]),
  )
  return { current, future, total }
}

/** Keeps the answer to the last question: moving a spend parameter asks for the same model again. */
const rememberLast = <Q, A>(answer: (question: Q) => A): ((question: Q) => A) => {
  let last: { readonly question: Q; readonly answer: A } | null = null
  return (question) => {
    if (last === null || last.question !== question) last = { question, answer: answer(question) }
    return last.answer
  }
}

/** The same model object for the same parameters. */
const rememberModel = (family: PurchaseModelFamily): ((logs: readonly number[]) => PurchaseModel) => {
  const models = new Map<string, PurchaseModel>()
  return (logs) => {
    const key = logs.join(' ')
    const model = models.get(key) ?? family.at(logs.map(Math.exp))
    models.set(key, model)
    return model
  }
}
