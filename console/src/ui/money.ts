/** Integer minor units (cents) of an ISO 4217 currency, as the API sends them. */
export interface Money {
  readonly minor: number
  readonly currency: string
}

export type MoneyStyle = 'exact' | 'short'

const formats = new Map<string, Intl.NumberFormat>()

const formatFor = (currency: string, style: MoneyStyle): Intl.NumberFormat => {
  const key = `${currency} ${style}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    ...(style === 'short' ? { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 } : {}),
  })
  formats.set(key, format)
  return format
}

/** Decimal places of the minor unit: JPY 0, EUR 2, KWD 3. */
export const minorDigits = (currency: string): number =>
  formatFor(currency, 'exact').resolvedOptions().maximumFractionDigits ?? 2

export const toMajor = ({ minor, currency }: Money): number => minor / 10 ** minorDigits(currency)

/** `€1,234.50`, or `€1.2K` for charts and tiles; in the browser's language. */
export const formatMoney = (money: Money, style: MoneyStyle = 'exact'): string =>
  formatFor(money.currency, style).format(toMajor(money))
