import { expect, test } from 'vitest'
import { answerLimitMs, type Method } from './answer-limit.ts'

test.each<readonly [Method, string, number | undefined]>([
  ['GET', '/v1/people', 20_000],
  ['GET', '/v1/imports', 20_000],
  ['POST', '/v1/journeys/j1/publish', 40_000],
  ['DELETE', '/v1/members/u1', 40_000],
  ['POST', '/v1/imports', undefined],
  ['POST', '/v1/imports/i1/stop', 40_000],
  ['POST', '/v1/costs/import', 180_000],
  ['GET', '/v1/equity/forward', 180_000],
])('%s %s is waited for %s ms', (method, path, limitMs) => {
  expect(answerLimitMs(method, path)).toBe(limitMs)
})
