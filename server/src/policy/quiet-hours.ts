import type { PolicySettings } from '@baton/contract'
import type { Instant, TimeZone } from '../kernel/index.ts'

type QuietHours = NonNullable<PolicySettings['quietHours']>

const zoned = (at: Instant, zone: TimeZone) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)

/** Is the wall clock of that zone between `from` (included) and `to` (excluded)? Over midnight when `from` is later; never when they are equal. */
export const isQuiet = ({ from, to }: Pick<QuietHours, 'from' | 'to'>, zone: TimeZone, at: Instant): boolean => {
  const time = zoned(at, zone).toPlainTime()
  const afterFrom = Temporal.PlainTime.compare(time, from) >= 0
  const beforeTo = Temporal.PlainTime.compare(time, to) < 0
  return from < to ? afterFrom && beforeTo : from > to && (afterFrom || beforeTo)
}

/**
 * The first instant not before `at` that is not quiet. Candidates are the end of quiet on the days around, in both
 * readings of a repeated hour, and the zone's next changes: when clocks jump over the end, quiet ends with the jump.
 */
export const quietEnd = (quiet: Pick<QuietHours, 'from' | 'to'>, zone: TimeZone, at: Instant): Instant => {
  if (!isQuiet(quiet, zone, at)) return at
  const start = zoned(at, zone)
  const candidates: Instant[] = []
  for (const days of [0, 1, 2]) {
    const wall = start.toPlainDate().add({ days }).toPlainDateTime(quiet.to)
    for (const disambiguation of ['earlier', 'later'] as const)
      candidates.push(wall.toZonedDateTime(zone, { disambiguation }).epochMilliseconds)
  }
  for (let change = start.getTimeZoneTransition('next'), n = 0; change && n < 2; n++) {
    candidates.push(change.epochMilliseconds)
    change = change.getTimeZoneTransition('next')
  }
  const ends = candidates.filter((candidate) => candidate > at && !isQuiet(quiet, zone, candidate))
  return Math.min(...ends)
}
