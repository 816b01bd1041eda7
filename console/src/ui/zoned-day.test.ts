import { expect, test } from 'vitest'
import { addDays, dayIn, instantAt, startOfDay } from './zoned-day.ts'

test.each([
  ['2026-11-21', 'Europe/Madrid', '2026-11-20T23:00:00.000Z'],
  ['2026-07-01', 'Europe/Madrid', '2026-06-30T22:00:00.000Z'],
  ['2026-03-29', 'Europe/Madrid', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Madrid', '2026-03-29T22:00:00.000Z'],
  ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
  ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
  // Where clocks change at midnight: forward, that day begins at one; back, it begins once only, or at the first of two.
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ['2026-04-05', 'America/Santiago', '2026-04-05T04:00:00.000Z'],
  ['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'],
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ['2026-03-29', 'Atlantic/Azores', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'],
  ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
  ['2026-10-25', 'Asia/Beirut', '2026-10-24T22:00:00.000Z'],
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

test('a time that the clocks leap over is as much later', () => {
  expect(new Date(instantAt('2026-03-29T02:30', 'Europe/Madrid')).toISOString()).toBe('2026-03-29T01:30:00.000Z')
  expect(new Date(instantAt('2026-03-08T02:30', 'America/New_York')).toISOString()).toBe('2026-03-08T07:30:00.000Z')
})
