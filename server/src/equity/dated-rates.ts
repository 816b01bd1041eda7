import type { Instant } from '../kernel/index.ts'
import type { ExchangeRates } from './currency-conversion.ts'

export interface DatedRate {
  readonly currency: string
  readonly from: Instant
  readonly rate: number
}

/**
 * Rates as they were entered: each holds from its day until the next of its currency. Before the first there is none:
 * a missing rate is shown, not guessed from a later one.
 */
export const datedRates = (base: string, entries: readonly DatedRate[]): ExchangeRates => {
  const byCurrency = new Map(
    [...Map.groupBy(entries, (entry) => entry.currency)].map(([currency, own]) => [
      currency,
      own.toSorted((a, b) => a.from - b.from),
    ]),
  )
  return {
    base,
    rate: (currency, at) => byCurrency.get(currency)?.findLast((entry) => entry.from <= at)?.rate ?? null,
  }
}
