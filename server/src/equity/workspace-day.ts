import { type Day, hourMs, type Instant } from '../kernel/index.ts'

/** The calendar day of an instant in a zone. Zones shift on the quarter hour at most, so one answer serves an hour's quarter. */
export const createDayOf = (zone: string): ((at: Instant) => Day) => {
  const known = new Map<number, Day>()
  return (at) => {
    const key = Math.floor(at / (hourMs / 4))
    const found = known.get(key)
    if (found !== undefined) return found
    const day = Temporal.PlainDate.from({ year: 1970, month: 1, day: 1 }).until(dateIn(at, zone), {
      largestUnit: 'day',
    })
    known.set(key, day.days)
    return day.days
  }
}

const dateIn = (at: Instant, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()

/** 2026-11-21, where the workspace is. */
export const dateTextIn = (at: Instant, zone: string): string => dateIn(at, zone).toString()

/** The first instant of a written day in a zone. */
export const midnightIn = (date: string, zone: string): Instant =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
