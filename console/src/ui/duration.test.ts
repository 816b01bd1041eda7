import { expect, test } from 'vitest'
import { splitDuration } from './duration.ts'

test.each([
  [4_000, 4, 'second'],
  [60_000, 1, 'minute'],
  [5_400_000, 90, 'minute'],
  [3_600_000, 1, 'hour'],
  [7 * 86_400_000, 7, 'day'],
  [14 * 86_400_000, 2, 'week'],
  [30 * 86_400_000, 30, 'day'],
  [0, 0, 'minute'],
])('%i ms is %i %s', (ms, count, unit) => {
  expect(splitDuration(ms)).toEqual({ count, unit })
})
