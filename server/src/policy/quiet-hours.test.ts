import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandAs, type TimeZone } from '../kernel/index.ts'
import { isQuiet, quietEnd } from './quiet-hours.ts'

const zone = (name: string) => brandAs<TimeZone>(name)
const at = (iso: string) => Date.parse(iso)
const night = { from: '21:00', to: '08:00' }

describe('quiet hours', () => {
  test.each([
    ['Europe/Madrid', '2026-07-01T19:00:00Z', '2026-07-02T06:00:00Z'],
    ['Europe/Madrid', '2026-07-01T18:59:59.999Z', null],
    ['Europe/Madrid', '2026-07-02T06:00:00Z', null],
    ['America/New_York', '2026-01-10T12:59:00Z', '2026-01-10T13:00:00Z'],
    ['Asia/Kolkata', '2026-01-10T15:30:00Z', '2026-01-11T02:30:00Z'],
    // the night the clocks go forward and back is an hour shorter and longer
    ['Europe/Madrid', '2026-03-28T20:00:00Z', '2026-03-29T06:00:00Z'],
    ['Europe/Madrid', '2026-10-24T19:00:00Z', '2026-10-25T07:00:00Z'],
  ])('%s at %s is held until %s', (name, now, until) => {
    expect(quietEnd(night, zone(name), at(now))).toBe(until === null ? at(now) : at(until))
  })

  test('an end inside the hour that is skipped comes with the jump', () => {
    expect(quietEnd({ from: '22:00', to: '02:30' }, zone('Europe/Madrid'), at('2026-03-29T00:30:00Z'))).toBe(
      at('2026-03-29T01:00:00Z'),
    )
  })

  test('in the hour that is told twice, quiet comes back', () => {
    const quiet = { from: '22:00', to: '02:30' }
    expect(quietEnd(quiet, zone('Europe/Madrid'), at('2026-10-25T00:10:00Z'))).toBe(at('2026-10-25T00:30:00Z'))
    expect(isQuiet(quiet, zone('Europe/Madrid'), at('2026-10-25T00:45:00Z'))).toBe(false)
    expect(quietEnd(quiet, zone('Europe/Madrid'), at('2026-10-25T01:10:00Z'))).toBe(at('2026-10-25T01:30:00Z'))
  })

  test('the end is the first minute that another clock reads as not quiet', () => {
    const zones = [
      'Europe/Madrid',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'America/Sao_Paulo',
      'UTC',
    ]
    const minute = fc.integer({ min: 0, max: 1439 }).map((m) => `${two(Math.floor(m / 60))}:${two(m % 60)}`)
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2011, 0), max: Date.UTC(2027, 0) }).map((ms) => Math.floor(ms / 60_000) * 60_000),
        minute,
        minute,
        (name, now, from, to) => {
          const reader = new Intl.DateTimeFormat('en-GB', {
            timeZone: name,
            hour: '2-digit',
            minute: '2-digit',
            hourCycle: 'h23',
          })
          const quietBy = (instant: number) => {
            const wall = reader.format(instant)
            return from < to ? wall >= from && wall < to : from > to && (wall >= from || wall < to)
          }
          let expected = now
          while (quietBy(expected)) expected += 60_000
          expect(quietEnd({ from, to }, zone(name), now)).toBe(expected)
        },
      ),
      { numRuns: 150 },
    )
  })
})

const two = (n: number) => String(n).padStart(2, '0')
