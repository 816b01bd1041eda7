import type { OrderImportMapping } from '@baton/contract'

export type ImportDateFormat = NonNullable<OrderImportMapping['dateFormat']>
export const dateFormats: readonly ImportDateFormat[] = ['iso', 'yyyymmdd', 'day-month-year', 'month-day-year', 'unix']

export type DatesFinding =
  | { readonly kind: 'found'; readonly format: ImportDateFormat }
  /** 3/4/2026 throughout: only who knows the file can say. */
  | { readonly kind: 'ambiguous'; readonly example: string }
  | { readonly kind: 'unknown'; readonly example: string }

const patterns: Readonly<Record<Exclude<ImportDateFormat, 'unix'>, RegExp>> = {
  yyyymmdd: /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  iso: /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?:[T ].*)?$/,
  'day-month-year': /^(?<day>\d{1,2})[-/.](?<month>\d{1,2})[-/.](?<year>\d{4}|\d{2})(?:[T ,].*)?$/,
  'month-day-year': /^(?<month>\d{1,2})[-/.](?<day>\d{1,2})[-/.](?<year>\d{4}|\d{2})(?:[T ,].*)?$/,
}

/** Whether a text names a day in this format; 31 February does not. */
export const readsAs = (text: string, format: ImportDateFormat): boolean => {
  if (format === 'unix') return /^\d{9,13}(?:\.\d+)?$/.test(text)
  const found = patterns[format].exec(text)?.groups
  if (found === undefined) return false
  const written = Number(found.year)
  // Two digits by POSIX: 69–99 are 19xx.
  const year = written < 69 ? 2000 + written : written < 100 ? 1900 + written : written
  const month = Number(found.month)
  const day = Number(found.day)
  const at = new Date(Date.UTC(year, month - 1, day))
  return year >= 1900 && year < 2200 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}

/** The format in which most of these texts are dates, as the server finds it; numbers since 1970 where no other fits. */
export const findDateFormat = (texts: readonly string[]): DatesFinding => {
  const readable = dateFormats
    .filter((format) => format !== 'unix')
    .map((format) => ({ format, count: texts.filter((text) => readsAs(text, format)).length }))
  const most = Math.max(...readable.map(({ count }) => count))
  if (most === 0) {
    return texts.some((text) => readsAs(text, 'unix'))
      ? { kind: 'found', format: 'unix' }
      : { kind: 'unknown', example: texts[0] ?? '' }
  }
  const best = readable.filter(({ count }) => count === most)
  const [only] = best
  if (best.length === 1 && only !== undefined) return { kind: 'found', format: only.format }
  const readBothWays = texts.find((text) => best.every(({ format }) => readsAs(text, format)))
  return { kind: 'ambiguous', example: readBothWays ?? '' }
}
