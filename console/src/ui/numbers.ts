const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

/** 12,345 */
export const formatCount = (value: number): string => whole.format(value)

/** 12.3K */
export const formatShort = (value: number): string => short.format(value)

/** .123 as 12.3% */
export const formatShare = (value: number): string => percent.format(value)

export const formatDecimal = (value: number, digits = 2): string =>
  new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(value)
