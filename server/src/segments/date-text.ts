import type { Instant } from '../kernel/index.ts'
import type { FlatValue } from '../people/index.ts'
import { pathSql } from './json-path.ts'

/**
 * A trait that is a date: ISO 8601 text of the years 1900 to 2299 (a day without a time is its midnight UTC; without a
 * zone it is UTC) or epoch ms. A day that its month lacks runs over into the next one. Anything else is no date.
 */
const isoDate =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d{0,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

export const dateIn = (value: FlatValue | null): Instant | null => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null
  if (typeof value !== 'string') return null
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    isoDate.exec(value) ?? []
  const y = Number(year)
  const m = Number(month)
  const d = Number(day)
  if (y < 1900 || y > 2299 || m < 1 || m > 12 || d < 1 || d > 31) return null
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null
  const offset =
    zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
  return (
    Date.UTC(y, m - 1, d) +
    ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000 +
    Number(fraction.padEnd(3, '0'))
  )
}

const pattern = (groups: string) => `'${groups.replaceAll('\\', '\\\\')}'`
const whole = pattern('\\A\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}([.]\\d{1,9})?)?(Z|[+-]\\d{2}:?\\d{2})?)?\\z')

/** Epoch ms (Int64) of the date at a path, or null. */
export const dateSql = (column: string, path: string): string => {
  const at = pathSql(column, path)
  const text = `ifNull(${at}.:String, '')`
  const number = `ifNull(${at}.:Float64, 0.5)`
  const part = (from: number, length: number) => `toInt64OrZero(substring(${text}, ${from}, ${length}))`
  const year = part(1, 4)
  const month = part(6, 2)
  const day = part(9, 2)
  const hour = part(12, 2)
  const minute = part(15, 2)
  const second = `toInt64OrZero(extract(${text}, ${pattern('\\A.{16}:(\\d{2})')}))`
  const fraction = `toInt64OrZero(substring(concat(extract(${text}, ${pattern('[.](\\d{1,3})')}), '000'), 1, 3))`
  const zone = `extract(${text}, ${pattern('[0-9]([+-]\\d{2}:?\\d{2})\\z')})`
  const offset = `if(length(${text}) < 16, 0, if(startsWith(${zone}, '-'), -1, 1) * (toInt64OrZero(substring(${zone}, 2, 2)) * 60 + toInt64OrZero(right(${zone}, 2))))`
  const valid = `match(${text}, ${whole}) and ${year} between 1900 and 2299 and ${month} between 1 and 12 and ${day} between 1 and 31 and ${hour} <= 24 and ${minute} <= 59 and ${second} <= 60`
  const midnight = `(toInt64(makeDate32(if(${year} between 1900 and 2299, ${year}, 2000), greatest(1, least(12, ${month})), 1)) + ${day} - 1) * 86400000`
  const fromText = `${midnight} + ((${hour} * 60 + ${minute} - ${offset}) * 60 + ${second}) * 1000 + ${fraction}`
  return `multiIf(${valid}, ${fromText}, abs(${number}) <= 9007199254740991 and floor(${number}) = ${number}, toInt64(${number}), null)`
}
