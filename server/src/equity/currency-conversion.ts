import { countable, type Instant, minorDigits } from '../kernel/index.ts'

/** What one major unit of a currency was worth, in major units of the base, at an instant; null where it isn't known. */
export interface ExchangeRates {
  readonly base: string
  rate(currency: string, at: Instant): number | null
}

/** Rates that hold at all times. */
export const fixedRates = (base: string, perUnit: Readonly<Record<string, number>> = {}): ExchangeRates => ({
  base,
  rate: (currency) => (Object.hasOwn(perUnit, currency) ? (perUnit[currency] ?? null) : null),
})

/** Money left out because its rate is missing: shown, not guessed. */
export interface Unconverted {
  readonly currency: string
  readonly amountMinor: number
  readonly entries: number
  /** When the first of them was: a rate has to hold from then on. */
  readonly firstAt: Instant
}

/** An order or a cost, as far as converting it goes. */
export interface DatedInCurrency {
  readonly currency: string
  readonly at: Instant
  /** How many it is the sum of, since `at`, no rate changing between them; one where it is not said. */
  readonly orders?: number
}

/** Converts to the base currency's minor units and keeps account of what it could not convert. */
export interface Converter {
  readonly base: string
  /** Null when the rate is missing; that amount then stands in `unconverted`, once per fact however often it is asked. */
  convert(amountMinor: number, fact: DatedInCurrency): number | null
  unconverted(): readonly Unconverted[]
}

export const createConverter = ({ base, rate }: ExchangeRates): Converter => {
  const missing = new Map<string, { currency: string; amountMinor: number; entries: number; firstAt: Instant }>()
  const counted = new Set<DatedInCurrency>()
  return {
    base,
    convert: (amountMinor, fact) => {
      const { currency, at } = fact
      // Nothing is nothing in every currency.
      if (currency === base || amountMinor === 0) return amountMinor
      const found = rate(currency, at)
      if (found !== null)
        return countable(Math.round(amountMinor * found * 10 ** (minorDigits(base) - minorDigits(currency)))) || 0
      if (counted.has(fact)) return null
      counted.add(fact)
      const known = missing.get(currency) ?? { currency, amountMinor: 0, entries: 0, firstAt: at }
      known.amountMinor = countable(known.amountMinor + amountMinor)
      known.entries += fact.orders ?? 1
      known.firstAt = Math.min(known.firstAt, at)
      missing.set(currency, known)
      return null
    },
    unconverted: () => [...missing.values()],
  }
}
