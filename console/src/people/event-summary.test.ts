import { expect, test } from 'vitest'
import { eventSummary } from './event-summary.ts'

test('an event is summed up by what people can read, not by ids', () => {
  expect(eventSummary({ channel: 'email', message_id: '01a20051-fa57-79c3-8ae9-9492195caa1d', subject: 'Hello' })).toBe(
    'email · Hello',
  )
})

test('a reply is summed up by its words', () => {
  expect(
    eventSummary({ channel: 'email', journey: 'cart', topic: 'orders', text: 'Do you have them in Spanish?' }),
  ).toBe('“Do you have them in Spanish?”')
})

test('three facts at most, lists left out', () => {
  expect(eventSummary({ name: 'Abacus', price: 19.9, products: [], quantity: 2, colour: 'red' })).toBe(
    'Abacus · 19.9 · 2',
  )
  expect(eventSummary({})).toBe('')
})
