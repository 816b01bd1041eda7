import { expect, test } from 'vitest'
import { dayMs } from '../kernel/index.ts'
import { makeCustomers } from './customers.ts'
import { createRandom } from './random.ts'
import { eventsOfCustomer } from './shop-events.ts'

const from = Date.UTC(2026, 0, 1)
const until = from + 90 * dayMs
const play = (seed: number) => {
  const random = createRandom(seed)
  return makeCustomers(random, 2_000, from, 90).flatMap((customer) =>
    eventsOfCustomer(random.fork(`life ${customer.number}`), customer, until),
  )
}

test('the sample shop is the same every time, and about the size it says', () => {
  const events = play(7)
  expect(play(7)).toEqual(events)
  expect(events.length).toBeGreaterThan(100_000)
  expect(events.length).toBeLessThan(200_000)
  expect(new Set(events.map(({ event }) => event.messageId)).size).toBe(events.length)
  expect(events.every(({ at }) => at >= from && at < until)).toBe(true)
})

test('its chance follows the distributions it names', () => {
  const random = createRandom(1)
  const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((sum, x) => sum + x, 0) / 20_000
  expect(mean(() => random.gamma(0.5, 2))).toBeCloseTo(0.25, 1)
  expect(mean(() => random.gamma(6, 6))).toBeCloseTo(1, 1)
  expect(mean(() => random.beta(2, 6))).toBeCloseTo(0.25, 1)
  expect(mean(() => random.exponential(4))).toBeCloseTo(0.25, 1)
})
