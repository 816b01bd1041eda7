/** Integer minor units (cents) of an ISO 4217 currency, as the API sends them. */
export interface Money {
  readonly minor: number
  readonly currency: string
}

export type MoneyStyle = 'exact' | 'short'

const options = {
  exact: {},
  plain: { trailingZeroDisplay: 'stripIfInteger' },
  compact: { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 },
} as const satisfies Record<string, Intl.NumberFormatOptions>

const formats = new Map<string, Intl.NumberFormat>()

const formatFor = (currency: string, style: keyof typeof options): Intl.NumberFormat => {
  const key = `${currency} ${style}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency, ...options[style] })
  formats.set(key, format)
  return format
}

/** Decimal places of the minor unit: JPY 0, EUR 2, KWD 3. */
export const minorDigits = (currency: string): number =>
  formatFor(currency, 'exact').resolvedOptions().maximumFractionDigits ?? 2

export const toMajor = ({ minor, currency }: Money): number => minor / 10 ** minorDigits(currency)

/** `€1,234.50`; short, for charts and tiles: `€1.2K`, `€248.10`, `€500`. In the browser's language. */
export const formatMoney = (money: Money, style: MoneyStyle = 'exact'): string => {
  const major = toMajor(money)
  const short = Math.abs(major) < 1000 ? 'plain' : 'compact'
  return formatFor(money.currency, style === 'short' ? short : 'exact').format(major)
}
