const formats = new Map<string, Intl.DateTimeFormat>()

const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, format)
  return format
}

const wallClock = (atMs: number, timeZone: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(atMs)
      .map((part) => [part.type, part.value]),
  )

const offsetAt = (atMs: number, timeZone: string): number => {
  const { year, month, day, hour, minute, second } = wallClock(atMs, timeZone)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(atMs / 1000) * 1000
}

/** The calendar day of an instant in a zone: `2026-11-21`. */
export const dayIn = (atMs: number, timeZone: string): string => {
  const { year, month, day } = wallClock(atMs, timeZone)
  return `${year}-${month}-${day}`
}

/** The first instant of a calendar day in a zone. */
export const startOfDay = (day: string, timeZone: string): number => instantAt(`${day}T00:00:00`, timeZone)

/**
 * When a zone's clocks show `2026-02-28T10:00`; asked twice, because the offset may change on that day. A time that the
 * clocks leap over is as much later as they leap, so that a day without a midnight begins where they land. NaN: no such text.
 */
export const instantAt = (local: string, timeZone: string): number => {
  const asIfUtc = Date.parse(`${local}Z`)
  if (!Number.isFinite(asIfUtc)) return Number.NaN
  const near = asIfUtc - offsetAt(asIfUtc, timeZone)
  const found = asIfUtc - offsetAt(near, timeZone)
  return found + offsetAt(found, timeZone) === asIfUtc ? found : Math.max(near, found)
}

/** `2026-02-28` and 1 to `2026-03-01`. */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)
