/** An amount in minor units (cents) of an ISO 4217 currency. Never a float of major units. */
export interface Money {
  readonly minor: number
  readonly currency: string
}

/** As the contract has it, which the kernel does not know. */
export const mostMinor = 10 ** 13

/** Decimal places of a currency's minor unit by ISO 4217, as the runtime's tables (CLDR) know it: JPY 0, EUR 2, KWD 3. */
export const minorDigits = (currency: string): number => {
  const known = digits.get(currency)
  if (known !== undefined) return known
  const found =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  digits.set(currency, found)
  return found
}
const digits = new Map<string, number>()

/**
 * Major units (12.34) to minor units (1234), rounded half away from zero; NaN, infinities and more than `mostMinor` are
 * refused with null.
 */
export const toMinor = (major: number, currency: string): number | null => {
  if (!Number.isFinite(major)) return null
  const scaled = Math.abs(major) * 10 ** minorDigits(currency)
  const rounded = Math.round(scaled + Number.EPSILON * scaled)
  if (rounded > mostMinor) return null
  return Math.sign(major) * rounded || 0
}

/** A sum of minor units, or the most that can be told exactly (2^53 − 1, either way): no sum fails who asks for it. */
export const countable = (minor: number): number =>
  Math.max(Number.MIN_SAFE_INTEGER, Math.min(minor, Number.MAX_SAFE_INTEGER))

/** Minor units (1234) as major ones (12.34): for files that people read. */
export const toMajor = ({ minor, currency }: Money): number => {
  const places = minorDigits(currency)
  return Number((minor / 10 ** places).toFixed(places))
}

export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code)
