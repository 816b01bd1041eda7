import { countable } from '../kernel/index.ts'
import type { CostTerm, PeriodStatement } from './period-statement.ts'

/** One bar of the statement's waterfall: from where the last one ended to where this one does. */
export interface WaterfallStep {
  readonly key: WaterfallKey
  /** `unknown` for costs of which no amount is known: drawn as a gap with a word, not as zero. */
  readonly kind: 'rise' | 'fall' | 'total' | 'unknown'
  readonly deltaMinor: number
  readonly startMinor: number
  readonly endMinor: number
}

export type WaterfallKey =
  | 'new-revenue'
  | 'acquisition-costs'
  | 'old-revenue'
  | 'servicing-costs'
  | 'churned-revenue'
  | 'returns-only'
  | 'equity'
  | 'equity-before-some-costs'
  | 'revenue-without-costs'

export const waterfallOf = (statement: PeriodStatement): readonly WaterfallStep[] => {
  const steps: WaterfallStep[] = []
  let level = 0
  const add = (key: WaterfallKey, deltaMinor: number, isKnown = true) => {
    const kind = isKnown ? (deltaMinor < 0 ? 'fall' : 'rise') : 'unknown'
    const endMinor = countable(level + deltaMinor)
    steps.push({ key, kind, deltaMinor, startMinor: level, endMinor })
    level = endMinor
  }
  const addCosts = (key: WaterfallKey, { amountMinor, entries }: CostTerm) => add(key, 0 - amountMinor, entries > 0)

  add('new-revenue', statement.new.revenueMinor)
  addCosts('acquisition-costs', statement.acquisitionCosts)
  add('old-revenue', statement.old.revenueMinor)
  addCosts('servicing-costs', statement.servicingCosts)
  add('churned-revenue', 0 - statement.churned.revenueMinor)
  if (statement.returnsOnly.heads > 0) add('returns-only', statement.returnsOnly.revenueMinor)
  const { kind, minor } = statement.result
  return [...steps, { key: kind, kind: 'total', deltaMinor: minor, startMinor: 0, endMinor: minor }]
}
