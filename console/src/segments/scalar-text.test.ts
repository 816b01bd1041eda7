import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readScalar, writeScalar } from './scalar-text.ts'

test.each([
  ['42', 42],
  ['-1.5', -1.5],
  ['"42"', '42'],
  ['true', true],
  ['DE', 'DE'],
  ['1e5', '1e5'],
])('%s is read as %j', (typed, value) => expect(readScalar(typed)).toBe(value))

test('text keeps its kind when it is shown and read again', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readScalar(writeScalar(text))).toBe(text)
    }),
    { numRuns: 2_000 },
  )
})
