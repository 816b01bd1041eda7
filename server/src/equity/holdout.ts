import { correlation } from './gamma-gamma.ts'
import { expectedPurchases, expectedPurchasesOfNew, type PurchaseModel } from './purchase-model.ts'
import { type PurchaseHistory, timeUnits } from './rfm.ts'

/** How the forecast of a model calibrated on one period does in the next, in which it has seen nothing. */
export interface Holdout {
  /** In the model's unit. */
  readonly length: number
  readonly actual: number
  readonly expected: number
  /** Between each customer's forecast and what she did; null where one of the two does not vary. */
  readonly correlation: number | null
  readonly meanAbsoluteError: number
  /** Cumulative repeat purchases at the end of the observation, without using what single customers did. */
  readonly cumulative: CumulativePoint
}

export interface CumulativePoint {
  /** Units since the first purchase of all. */
  readonly at: number
  readonly actual: number
  readonly expected: number
  /** (expected − actual) / actual; null where nothing was bought. */
  readonly error: number | null
}

/** Null when the calibration runs to the end of the observation. */
export const compareHoldout = (model: PurchaseModel, history: PurchaseHistory): Holdout | null => {
  const length = (history.observationEnd - history.calibrationEnd) / timeUnits[history.unit]
  if (length <= 0) return null
  const { customers } = history
  const forecast = customers.map((c) => expectedPurchases(model, c, length))
  const actual = customers.map((c) => c.holdoutPurchases)
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  const [end] = trackCumulative(model, history, [history.observationEnd])
  return {
    length,
    actual: sum(actual),
    expected: sum(forecast),
    correlation: correlation(forecast, actual),
    meanAbsoluteError: sum(forecast.map((f, i) => Math.abs(f - (actual[i] ?? 0)))) / customers.length,
    cumulative: end ?? { at: 0, actual: 0, expected: 0, error: null },
  }
}

/**
 * Repeat purchases up to the end of each of these days: what was, and what the model expects of customers of whom only
 * the first purchase is known, Σ n(s) · E[X(t − s)] (Fader, Hardie & Lee 2005, "tracking plot").
 */
export const trackCumulative = (
  model: PurchaseModel,
  history: PurchaseHistory,
  days: readonly number[],
): CumulativePoint[] => {
  const begins = new Map<number, number>()
  for (const { firstDay } of history.customers) begins.set(firstDay, (begins.get(firstDay) ?? 0) + 1)
  const firstOfAll = Math.min(...begins.keys())
  return days.map((day) => {
    const actual = history.repeatDays.filter((d) => d <= day).length
    let expected = 0
    for (const [firstDay, heads] of begins) {
      expected += heads * expectedPurchasesOfNew(model, (day - firstDay) / timeUnits[history.unit])
    }
    return {
      at: (day + 1 - firstOfAll) / timeUnits[history.unit],
      actual,
      expected,
      error: actual === 0 ? null : (expected - actual) / actual,
    }
  })
}
