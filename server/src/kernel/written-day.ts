/** A calendar day as the number of days since 1970-01-01. */
export type Day = number

/** How a column writes its days; the time of day, if any, is dropped and the day taken as written. */
export const dateFormats = ['yyyymmdd', 'iso', 'day-month-year', 'month-day-year'] as const
export type DateFormat = (typeof dateFormats)[number]

export type DateFormatFinding =
  | { readonly kind: 'found'; readonly format: DateFormat }
  | { readonly kind: 'ambiguous'; readonly example: string }
  | { readonly kind: 'unknown'; readonly example: string }

/**
 * The format in which most of these texts are days. 3/4/2024 alone can't be told; one 25/4/2024 or 4/25/2024 in the
 * column settles it.
 */
export const findDateFormat = (texts: readonly string[]): DateFormatFinding => {
  const readable = dateFormats.map((format) => ({
    format,
    count: texts.filter((t) => readDay(t, format) !== null).length,
  }))
  const most = Math.max(...readable.map((r) => r.count))
  if (most === 0) return { kind: 'unknown', example: texts[0] ?? '' }
  const best = readable.filter((r) => r.count === most)
  const [only] = best
  return best.length === 1 && only
    ? { kind: 'found', format: only.format }
    : { kind: 'ambiguous', example: texts.find((t) => best.every((b) => readDay(t, b.format) !== null)) ?? '' }
}

const patterns: Record<DateFormat, RegExp> = {
  yyyymmdd: /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  iso: /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?:[T ].*)?$/,
  'day-month-year': /^(?<day>\d{1,2})[-/.](?<month>\d{1,2})[-/.](?<year>\d{4}|\d{2})(?:[T ,].*)?$/,
  'month-day-year': /^(?<month>\d{1,2})[-/.](?<day>\d{1,2})[-/.](?<year>\d{4}|\d{2})(?:[T ,].*)?$/,
}

/** The day a text names in this format; null when it names none (31 February, year 0099, letters). */
export const readDay = (text: string, format: DateFormat): Day | null => {
  const found = patterns[format].exec(text.trim())?.groups
  if (!found) return null
  const written = Number(found.year)
  // Two digits by POSIX: 69–99 are 19xx.
  const year = written < 69 ? 2000 + written : written < 100 ? 1900 + written : written
  const month = Number(found.month)
  const day = Number(found.day)
  const at = new Date(Date.UTC(year, month - 1, day))
  const isReal = year >= 1900 && year < 2200 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  return isReal ? at.getTime() / 86_400_000 : null
}

/** A day named on the command line or in a setting: 1997-09-30 or 19970930. */
export const parseDay = (text: string): Day | null => readDay(text, 'iso') ?? readDay(text, 'yyyymmdd')

export const writeDay = (day: Day): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
