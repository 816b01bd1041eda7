import { expect, test } from 'vitest'
import type { PersonEvent } from '../people/index.ts'
import { tickTime, timeBefore } from './tick-time.ts'

const event = {} as PersonEvent
const batch = (receivedAt: number, events: number) => ({
  receivedAt,
  events: Array.from({ length: events }, () => event),
})

test('a tick is not before its facts, and not before the last one', () => {
  expect(tickTime([batch(500, 1), batch(700, 2)], 600, 400)).toBe(700)
  expect(tickTime([batch(500, 1)], 600, 900)).toBe(900)
  expect(tickTime([], 600, 400)).toBe(600)
})

test('time is caught up with to the first of the facts', () => {
  expect(timeBefore([batch(500, 1), batch(700, 2)], 600)).toBe(500)
  expect(timeBefore([], 600)).toBe(600)
})

test('a batch of nothing but duplicates does not move the time of a workspace whose clock was moved', () => {
  const machineTime = 9_000
  expect(tickTime([batch(500, 1), batch(machineTime, 0)], 600, 400)).toBe(600)
  expect(timeBefore([batch(1, 0)], 600)).toBe(600)
})
