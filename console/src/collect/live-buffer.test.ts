import type { LiveEvent } from '@baton/contract'
import { expect, test } from 'vitest'
import { emptyBuffer, letIn, takeOlder, takePage } from './live-buffer.ts'

const event = (position: number, verdict: LiveEvent['verdict'] = 'accepted'): LiveEvent => ({
  position,
  index: 0,
  receivedAt: position,
  occurredAt: position,
  type: 'track',
  name: `event ${position}`,
  messageId: null,
  verdict,
  historic: false,
  reason: null,
  remedy: null,
  personId: null,
  raw: {},
})
const page = (...positions: readonly number[]) => ({ items: positions.map((one) => event(one)), next: 'older' })
const positions = (events: readonly LiveEvent[]) => events.map((one) => one.position)

test('new events come in at the top, each once', () => {
  const first = takePage(emptyBuffer, page(3, 2, 1), false)
  expect(positions(takePage(first, page(5, 4, 3), false).shown)).toEqual([5, 4, 3, 2, 1])
})

test('a pause holds new events back and counts them, and going on lets them in', () => {
  const first = takePage(emptyBuffer, page(2, 1), false)
  const once = takePage(first, page(4, 3, 2), true)
  const twice = takePage(once, page(5, 4, 3), true)
  expect(positions(twice.shown)).toEqual([2, 1])
  expect(positions(twice.waiting)).toEqual([5, 4, 3])
  expect(positions(letIn(twice).shown)).toEqual([5, 4, 3, 2, 1])
})

test('when more came than one answer carries, the count is a lower bound and the gap is not papered over', () => {
  const first = takePage(emptyBuffer, page(2, 1), false)
  const paused = takePage(first, page(9, 8), true)
  expect(paused.isMore).toBe(true)
  expect(positions(letIn(paused).shown)).toEqual([9, 8])
  expect(positions(takePage(first, page(9, 8), false).shown)).toEqual([9, 8])
})

test('a verdict that comes later replaces the waiting one, during a pause too', () => {
  const first = takePage(emptyBuffer, { items: [event(1, 'waiting')], next: null }, false)
  expect(takePage(first, { items: [event(1, 'quarantined')], next: null }, true).shown[0]?.verdict).toBe('quarantined')
})

test('older events are appended, each once', () => {
  const first = takePage(emptyBuffer, page(3, 2), false)
  const older = takeOlder(first, { items: [event(2), event(1)], next: null })
  expect(positions(older.shown)).toEqual([3, 2, 1])
  expect(older.next).toBeNull()
})
