import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatElapsed, parseElapsed } from './elapsed.ts'

test.each([
  ['59:59.999', 3_599_999],
  ['1:00:00', 3_600_000],
  ['90', 90_000],
  ['0', 0],
  ['0:00.5', 500],
  ['2d', 172_800_000],
  ['2d 3:00:00', 183_600_000],
  [' 1:30 ', 90_000],
])('%s is %i ms', (text, ms) => {
  expect(parseElapsed(text)).toBe(ms)
})

test.each(['', 'soon', '-1:00', '1:2:3:4', '1:00:00.1234', '1h'])('“%s” is no time', (text) => {
  expect(parseElapsed(text)).toBeNull()
})

test('property: what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 366 * 86_400_000 }), (ms) => {
      expect(parseElapsed(formatElapsed(ms))).toBe(ms)
    }),
  )
})
