import { expect, test } from 'vitest'
import { personQuery } from './people.ts'

const segmentId = '0190a1b2-0000-7000-8000-000000000001'

test.each([
  [{ search: 'ann' }, true],
  [{ search: '', segmentId }, true],
  [{ track: 'brand', state: 'buyer' }, true],
  [{}, true],
  [{ search: 'ann', segmentId }, false],
  [{ segmentId, track: 'brand', state: 'buyer' }, false],
  [{ track: 'brand' }, false],
])('people are asked for in one way at a time: %j', (query, isGood) => {
  expect(personQuery.safeParse(query).success).toBe(isGood)
})
