import { type DateFormat, dayMs, hourMs, type Instant, minuteMs, readDay, secondMs } from '../../kernel/index.ts'

export type TimeFormat = DateFormat | 'unix'

const timePattern =
  /(?:[T ,]\s*)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?\s*(?<half>[ap]m)?\s*(?<zone>Z|UTC|[+-]\d{2}:?\d{2})?$/i

/**
 * Reads dates with or without a time of day. What names no zone of its own is meant in the given one; a bare day is
 * its first instant. Null: no date in this format.
 */
export const createInstantReader = (format: TimeFormat, zone: string): ((text: string) => Instant | null) => {
  const midnights = new Map<number, { readonly at: Instant; readonly isPlain: boolean }>()
  return (written) => {
    const text = written.trim()
    if (format === 'unix') return readUnix(text)
    const day = readDay(text, format)
    if (day === null) return null
    const time = readTime(text)
    if (time === null) return null
    if (time.offsetMs !== null) return day * dayMs + time.sinceMidnightMs - time.offsetMs
    let midnight = midnights.get(day)
    if (midnight === undefined) {
      midnight = midnightOf(day, zone)
      midnights.set(day, midnight)
    }
    return midnight.isPlain ? midnight.at + time.sinceMidnightMs : inZone(day, time.sinceMidnightMs, zone)
  }
}

interface WrittenTime {
  readonly sinceMidnightMs: number
  readonly offsetMs: number | null
}

const readTime = (text: string): WrittenTime | null => {
  if (!text.includes(':')) return { sinceMidnightMs: 0, offsetMs: null }
  const found = timePattern.exec(text)?.groups
  if (!found) return null
  const written = Number(found.hour)
  const half = found.half?.toLowerCase()
  const hour = half === undefined ? written : (written % 12) + (half === 'pm' ? 12 : 0)
  const minute = Number(found.minute)
  const second = Number(found.second ?? 0)
  if (hour > 23 || minute > 59 || second > 60 || (half !== undefined && (written < 1 || written > 12))) return null
  return {
    sinceMidnightMs: hour * hourMs + minute * minuteMs + second * secondMs,
    offsetMs: offsetOf(found.zone),
  }
}

const offsetOf = (zone: string | undefined): number | null => {
  if (zone === undefined) return null
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!parts) return 0
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * hourMs + Number(parts[3]) * minuteMs)
}

const plainDate = (day: number) => Temporal.PlainDate.from({ year: 1970, month: 1, day: 1 }).add({ days: day })

/** The first instant of a day, and whether the day has 24 hours counted from it (no change of clocks). */
const midnightOf = (day: number, zone: string): { at: Instant; isPlain: boolean } => {
  const start = plainDate(day).toZonedDateTime(zone)
  return { at: start.epochMilliseconds, isPlain: start.hoursInDay === 24 }
}

const inZone = (day: number, sinceMidnightMs: number, zone: string): Instant =>
  plainDate(day)
    .toPlainDateTime(Temporal.PlainTime.from('00:00').add({ milliseconds: sinceMidnightMs }))
    .toZonedDateTime(zone).epochMilliseconds

const readUnix = (text: string): Instant | null => {
  if (!/^\d{9,13}(?:\.\d+)?$/.test(text)) return null
  const number = Number(text)
  return number < 1e11 ? Math.round(number * secondMs) : Math.round(number)
}
