import { writeDay } from '../kernel/index.ts'
import { type CustomerValue, createValuation } from './customer-valuation.ts'
import { expectedSpend, fitGammaGamma, type GammaGammaParameters } from './gamma-gamma.ts'
import { compareHoldout, type Holdout } from './holdout.ts'
import { covarianceAtMaximum } from './parameter-uncertainty.ts'
import {
  expectedPurchases,
  type FitWarning,
  fitPurchaseModel,
  type PurchaseModelFamily,
  type PurchaseModelName,
} from './purchase-model.ts'
import { purchaseModels } from './purchase-models.ts'
import { groupSummaries } from './purchase-summary.ts'
import { type CustomerRecord, type PurchaseHistory, type TimeUnit, unitsPerYear } from './rfm.ts'

export interface FitReport {
  readonly model: PurchaseModelName
  readonly unit: TimeUnit
  readonly calibrationEnd: string
  readonly observationEnd: string
  readonly customers: number
  readonly repeatCustomers: number
  /** Not calibrated on: their first purchase came later. */
  readonly customersAfterCalibration: number
  readonly parameters: Readonly<Record<string, number>>
  /** Null where the data leave a direction open. */
  readonly standardErrors: Readonly<Record<string, number>> | null
  readonly logLikelihood: number
  readonly warnings: readonly FitWarning[]
  readonly spend: SpendReport | null
  readonly holdout: Holdout | null
  /** Length of the forecast in `customerValues`, in the unit: the hold-out, or as long as the calibration without one. */
  readonly forecastLength: number
  readonly assumptions: { readonly margin: number; readonly annualDiscountRate: number; readonly horizonYears: number }
  readonly totals: { readonly expectedPurchases: number; readonly value: number | null }
  readonly customerValues: readonly CustomerForecast[]
}

export interface SpendReport extends GammaGammaParameters {
  readonly logLikelihood: number
  readonly customers: number
  readonly withoutSpend: number
  readonly frequencyCorrelation: number | null
  /** Spend expected of a customer of whom nothing is known. */
  readonly meanSpend: number
  readonly warnings: readonly FitWarning[]
}

export interface CustomerForecast extends Partial<CustomerValue> {
  readonly customer: string
  readonly x: number
  readonly tx: number
  readonly T: number
  readonly meanSpend: number
  readonly pAlive: number
  readonly expectedPurchases: number
  readonly holdoutPurchases: number
}

export interface ReportAssumptions {
  readonly model: PurchaseModelName
  readonly margin: number
  readonly annualDiscountRate: number
  readonly horizonYears: number
}

export type FitReportOutcome =
  | { readonly kind: 'report'; readonly report: FitReport }
  | { readonly kind: 'not-fitted'; readonly explanation: string }

/** Fits a purchase model and Gamma-Gamma to a history, holds them against the hold-out and values every customer. */
export const reportFit = (history: PurchaseHistory, assumptions: ReportAssumptions): FitReportOutcome => {
  const { customers, unit } = history
  const family = purchaseModels[assumptions.model]
  const fit = fitPurchaseModel(family, customers)
  if (fit.kind === 'not-fitted') return { kind: 'not-fitted', explanation: fit.explanation }
  const { model } = fit
  const spendFit = fitGammaGamma(customers)
  const holdout = compareHoldout(model, history)
  const forecastLength = holdout?.length ?? customers.reduce((longest, c) => Math.max(longest, c.T), 0)
  const { margin, annualDiscountRate, horizonYears } = assumptions
  const discounting = { annualRate: annualDiscountRate, horizonYears, unitsPerYear: unitsPerYear(unit) }
  const valuation =
    spendFit.kind === 'fitted' ? createValuation(model, spendFit.parameters, { discounting, margin }) : null

  const customerValues = customers.map((record): CustomerForecast => {
    const { customer, x, tx, T, meanSpend, holdoutPurchases } = record
    return {
      customer,
      x,
      tx,
      T,
      meanSpend,
      pAlive: model.pAlive(record),
      expectedPurchases: expectedPurchases(model, record, forecastLength),
      holdoutPurchases,
      ...valuation?.(record),
    }
  })
  return {
    kind: 'report',
    report: {
      model: model.name,
      unit,
      calibrationEnd: writeDay(history.calibrationEnd),
      observationEnd: writeDay(history.observationEnd),
      customers: customers.length,
      repeatCustomers: customers.filter((c) => c.x > 0).length,
      customersAfterCalibration: history.customersAfterCalibration,
      parameters: model.parameters,
      standardErrors: standardErrors(family, model.parameters, customers),
      logLikelihood: fit.logLikelihood,
      warnings: fit.warnings,
      spend:
        spendFit.kind === 'fitted'
          ? {
              ...spendFit.parameters,
              logLikelihood: spendFit.logLikelihood,
              customers: spendFit.customers,
              withoutSpend: spendFit.withoutSpend,
              frequencyCorrelation: spendFit.frequencyCorrelation,
              meanSpend: expectedSpend(spendFit.parameters, { x: 0, meanSpend: 0 }),
              warnings: spendFit.warnings,
            }
          : null,
      holdout,
      forecastLength,
      assumptions: { margin, annualDiscountRate, horizonYears },
      totals: {
        expectedPurchases: customerValues.reduce((sum, c) => sum + c.expectedPurchases, 0),
        value: valuation ? customerValues.reduce((sum, c) => sum + (c.value ?? 0), 0) : null,
      },
      customerValues,
    },
  }
}

/** Of the parameters themselves: that of a logarithm times the parameter. */
const standardErrors = (
  family: PurchaseModelFamily,
  parameters: Readonly<Record<string, number>>,
  customers: readonly CustomerRecord[],
): Readonly<Record<string, number>> | null => {
  const logLikelihood = family.logLikelihood(groupSummaries(customers))
  const estimates = family.parameterNames.map((name) => parameters[name] ?? 0)
  const covariance = covarianceAtMaximum((logs) => logLikelihood(logs.map(Math.exp)), estimates.map(Math.log))
  return covariance
    ? Object.fromEntries(
        family.parameterNames.map((name, i) => [name, (estimates[i] ?? 0) * Math.sqrt(covariance[i]?.[i] ?? 0)]),
      )
    : null
}
