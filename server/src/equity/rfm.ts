import type { Day } from '../kernel/index.ts'
import type { PurchaseSummary } from './purchase-summary.ts'
import type { Purchase } from './purchases-file.ts'

export const timeUnits = { day: 1, week: 7 } as const
export type TimeUnit = keyof typeof timeUnits

/** A year in this unit, by the Gregorian mean. */
export const unitsPerYear = (unit: TimeUnit): number => 365.2425 / timeUnits[unit]

/** A customer of the calibration period, and what she did after it. */
export interface CustomerRecord extends PurchaseSummary {
  readonly customer: string
  readonly firstDay: Day
  /** Mean value of her repeat purchase days; 0 without any. The first purchase is left out, as the papers do. */
  readonly meanSpend: number
  readonly holdoutPurchases: number
  readonly holdoutValue: number
}

export interface PurchaseHistory {
  readonly unit: TimeUnit
  readonly calibrationEnd: Day
  readonly observationEnd: Day
  readonly customers: readonly CustomerRecord[]
  /** First bought after the calibration end: they can't be calibrated on, and are counted only. */
  readonly customersAfterCalibration: number
  /** Days of repeat purchases in the whole observation, of the calibrated customers, for tracking. */
  readonly repeatDays: readonly Day[]
  /** Ids asked for that have no purchase in the file. */
  readonly idsWithoutPurchase: readonly string[]
}

export interface HistoryOptions {
  readonly unit: TimeUnit
  /** The last day calibrated on. Without it: the last day there is, and no hold-out. */
  readonly calibrationEnd?: Day
  /** The last day observed. Without it: the last day there is, of any customer. */
  readonly observationEnd?: Day
  /** Only these customers. */
  readonly ids?: ReadonlySet<string>
}

/**
 * Purchases to (x, t_x, T, mean spend). Purchases of one day are one, as Fader, Hardie & Lee (2005) count CDNOW: without
 * that, or in days, the parameters are quite different. A purchase of value 0 counts as a purchase, as there, too.
 * A return (negative value) is no purchase: it lessens the value of the purchase day it falls on or follows, and a day
 * with nothing of it kept is no purchase either.
 */
export const summarisePurchases = (purchases: readonly Purchase[], options: HistoryOptions): PurchaseHistory => {
  const lastDay = purchases.reduce((last, p) => Math.max(last, p.day), Number.NEGATIVE_INFINITY)
  const observationEnd = options.observationEnd ?? lastDay
  const calibrationEnd = Math.min(options.calibrationEnd ?? observationEnd, observationEnd)
  const divisor = timeUnits[options.unit]

  const byCustomer = new Map<string, Purchase[]>()
  for (const purchase of purchases) {
    if (purchase.day > observationEnd || (options.ids && !options.ids.has(purchase.customer))) continue
    const known = byCustomer.get(purchase.customer)
    if (known) known.push(purchase)
    else byCustomer.set(purchase.customer, [purchase])
  }

  const customers: CustomerRecord[] = []
  const repeatDays: Day[] = []
  let customersAfterCalibration = 0
  for (const [customer, own] of byCustomer) {
    const days = keptDays(own)
    const [first] = days
    if (!first) continue
    if (first.day > calibrationEnd) {
      customersAfterCalibration += 1
      continue
    }
    const repeats = days.slice(1)
    const calibration = repeats.filter((d) => d.day <= calibrationEnd)
    const holdout = repeats.filter((d) => d.day > calibrationEnd)
    const total = (some: readonly PurchaseDay[]) => some.reduce((sum, d) => sum + d.value, 0)
    repeatDays.push(...repeats.map((d) => d.day))
    customers.push({
      customer,
      firstDay: first.day,
      x: calibration.length,
      tx: ((calibration.at(-1)?.day ?? first.day) - first.day) / divisor,
      T: (calibrationEnd - first.day) / divisor,
      meanSpend: calibration.length === 0 ? 0 : total(calibration) / calibration.length,
      holdoutPurchases: holdout.length,
      holdoutValue: total(holdout),
    })
  }
  return {
    unit: options.unit,
    calibrationEnd,
    observationEnd,
    customers,
    customersAfterCalibration,
    repeatDays,
    idsWithoutPurchase: [...(options.ids ?? [])].filter((id) => !byCustomer.has(id)),
  }
}

interface PurchaseDay {
  readonly day: Day
  readonly value: number
}

/** Her purchase days in order, each with what was kept of it. */
const keptDays = (own: readonly Purchase[]): PurchaseDay[] => {
  const days = new Map<Day, { day: Day; value: number; returned: boolean }>()
  for (const { day, value } of own) {
    if (value < 0) continue
    const known = days.get(day)
    if (known) known.value += value
    else days.set(day, { day, value, returned: false })
  }
  const ordered = [...days.values()].sort((a, b) => a.day - b.day)
  for (const back of own) {
    if (back.value >= 0) continue
    // A return takes from the newest purchase at or before it, and what exceeds that one from those before.
    let left = -back.value
    for (const bought of ordered.filter((d) => d.day <= back.day).reverse()) {
      const taken = Math.min(left, bought.value)
      bought.value -= taken
      bought.returned ||= taken > 0
      left -= taken
      if (left <= 0) break
    }
  }
  return ordered.filter((d) => !(d.returned && d.value < 1e-9))
}
