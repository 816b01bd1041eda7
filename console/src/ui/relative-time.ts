const steps = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })

/** `5 min. ago`, `in 3 days`; null when it is within ten seconds of now. */
export const relativeTime = (atMs: number, nowMs: number): string | null => {
  const distance = atMs - nowMs
  if (Math.abs(distance) < 10_000) return null
  const [unit, size] = steps.find(([, ms]) => Math.abs(distance) >= ms) ?? steps[6]
  return words.format(Math.trunc(distance / size), unit)
}

const exactFormats = new Map<string, Intl.DateTimeFormat>()

/** Date, time to the second and zone, for the hover. */
export const exactTime = (atMs: number, timeZone: string): string => {
  const known = exactFormats.get(timeZone)
  const format = known ?? new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long', timeZone })
  exactFormats.set(timeZone, format)
  return format.format(atMs)
}

/** The date alone, for days and report columns. */
export const dateOnly = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone }).format(atMs)
