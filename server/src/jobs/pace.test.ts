import { expect, test } from 'vitest'
import { busyFrom, restAfter } from './pace.ts'

const pace = { leastCycleMs: 200, mostRestMs: 250 }

test('a turn of a few rests for half as long as it took', () => {
  expect(restAfter({ handled: 1, tookMs: 8 }, pace)).toBe(4)
  expect(restAfter({ handled: busyFrom - 1, tookMs: 300 }, pace)).toBe(150)
})

test('where things keep coming a quick turn rests until its cycle is over, a slow one for its half, none for long', () => {
  expect(restAfter({ handled: busyFrom, tookMs: 40 }, pace)).toBe(160)
  expect(restAfter({ handled: busyFrom, tookMs: 300 }, pace)).toBe(150)
  expect(restAfter({ handled: busyFrom, tookMs: 4_000 }, pace)).toBe(250)
})
