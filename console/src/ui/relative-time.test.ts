import { expect, test } from 'vitest'
import { relativeTime } from './relative-time.ts'

const now = Date.UTC(2026, 10, 21, 12)

test('what is about now is not counted in seconds', () => {
  expect(relativeTime(now - 9_000, now)).toBeNull()
  expect(relativeTime(now + 9_000, now)).toBeNull()
})

test('a time is written in the largest unit that fits, past and future', () => {
  const write = (ms: number) =>
    new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' }).format(ms < 0 ? -3 : 3, 'hour')
  expect(relativeTime(now - 3.9 * 3_600_000, now)).toBe(write(-1))
  expect(relativeTime(now + 3.9 * 3_600_000, now)).toBe(write(1))
})
