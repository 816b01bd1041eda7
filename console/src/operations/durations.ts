import type { Texts } from '../texts/use-texts.ts'
import { formatDecimal } from '../ui/numbers.ts'

/** 240 ms, 3.2 s, 5 min, 2 h, 3 d: the unit in which it is easiest to judge. */
export const sayDuration = (t: Texts, ms: number): string => {
  if (ms < 1_000) return t('operations.units.ms', { value: Math.round(ms) })
  if (ms < 60_000) return t('operations.units.s', { value: formatDecimal(ms / 1_000, 1) })
  if (ms < 3_600_000) return t('operations.units.min', { value: Math.round(ms / 60_000) })
  if (ms < 86_400_000) return t('operations.units.h', { value: formatDecimal(ms / 3_600_000, 1) })
  return t('operations.units.d', { value: formatDecimal(ms / 86_400_000, 1) })
}

const bytes = new Intl.NumberFormat(undefined, {
  style: 'unit',
  unit: 'gigabyte',
  unitDisplay: 'short',
  maximumFractionDigits: 1,
})

export const sayGigabytes = (count: number): string => bytes.format(count / 1e9)
