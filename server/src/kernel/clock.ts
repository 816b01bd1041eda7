import type { Branded } from './ids.ts'

/** Milliseconds since 1970-01-01 UTC. */
export type Instant = number
export type Milliseconds = number

/** Machine time: leases, retries, sessions. Domain time (waits, windows, caps) comes from the workspace's clock. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands where it is put; for tests and the simulator. */
export const movableClock = (start: Instant): Clock & { moveTo(at: Instant): void; moveBy(ms: Milliseconds): void } => {
  let at = start
  return {
    now: () => at,
    moveTo: (to) => {
      at = to
    },
    moveBy: (ms) => {
      at += ms
    },
  }
}

export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** An IANA time zone that was checked to exist, e.g. `Europe/Madrid`. */
export type TimeZone = Branded<string, 'TimeZone'>
