import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { brandAs, dayMs, type Position, type WorkspaceId } from '../kernel/index.ts'
import { makeCustomers } from './customers.ts'
import { createLiveTraffic } from './live-traffic.ts'
import { createRandom } from './random.ts'
import { sampleJourneys } from './sample-programme.ts'
import { eventsOfCustomer } from './shop-events.ts'

const from = Date.UTC(2026, 0, 1)
const until = from + 90 * dayMs
const play = (seed: number) => {
  const random = createRandom(seed)
  return makeCustomers(random, 2_000, from, 90).flatMap((customer) =>
    eventsOfCustomer(random.fork(`life ${customer.number}`), customer, until),
  )
}

test('the sample shop is the same every time, and about the size it says', { timeout: 30_000 }, () => {
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

const enteredByEvent = z.object({ kind: z.literal('event'), event: z.string(), keyPath: z.string().optional() })

test('each of its journeys is entered: the events carry the property it is entered by', { timeout: 30_000 }, () => {
  const events = play(7).map(({ event }) => event)
  for (const { name, draft } of sampleJourneys((template) => template)) {
    const entry = enteredByEvent.parse(draft.entry)
    const entering = events.filter(({ event }) => event === entry.event)
    expect(`${name} ${entering.length > 0}`).toBe(`${name} true`)
    if (entry.keyPath !== undefined)
      for (const event of entering) expect(event.properties).toHaveProperty(entry.keyPath)
  }
})

test('live traffic ends for good when the sample is left for own data', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let isOpen = true
  let sent = 0
  const random = createRandom(3)
  createLiveTraffic(
    {
      collect: {
        appendEvents: async () => {
          sent += 1
          return sent as Position
        },
      },
      now: () => until,
      isOpen: async () => isOpen,
      signal: new AbortController().signal,
    },
    { workspaceId: brandAs<WorkspaceId>('sample'), customers: makeCustomers(random, 20, from, 90), random },
  ).start()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sent).toBeGreaterThan(3)
  isOpen = false
  await vi.advanceTimersByTimeAsync(2_000)
  const sentByThen = sent
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sent).toBe(sentByThen)
  expect(vi.getTimerCount()).toBe(0)
})
