import { expect, test } from 'vitest'
import { addDays, dayIn, instantAt, startOfDay } from './zoned-day.ts'

test.each([
  ['2026-11-21', 'Europe/Madrid', '2026-11-20T23:00:00.000Z'],
  ['2026-07-01', 'Europe/Madrid', '2026-06-30T22:00:00.000Z'],
  ['2026-03-29', 'Europe/Madrid', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Madrid', '2026-03-29T22:00:00.000Z'],
  ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
  ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
  ['2026-01-01', 'Asia/Kolkata', '2025-12-31T18:30:00.000Z'],
])('%s in %s begins at %s', (day, zone, instant) => {
  expect(new Date(startOfDay(day, zone)).toISOString()).toBe(instant)
  expect(dayIn(startOfDay(day, zone), zone)).toBe(day)
})

test('days are counted over the ends of months', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
})

test('a wall clock is read to the millisecond', () => {
  expect(new Date(instantAt('2026-07-01T10:30', 'Europe/Madrid')).toISOString()).toBe('2026-07-01T08:30:00.000Z')
  expect(new Date(instantAt('2026-01-01T00:00:59.999', 'Asia/Kolkata')).toISOString()).toBe('2025-12-31T18:30:59.999Z')
  expect(instantAt('soon', 'UTC')).toBeNaN()
})
