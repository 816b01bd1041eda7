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

test('an order is summed up by what was bought and for how much, whatever ids come first', () => {
  expect(
    eventSummary({
      cart_id: 'customer-7-cart-1',
      currency: 'EUR',
      order_id: 'customer-7-1',
      revenue: 48.08,
      total: 52,
      products: [{ name: 'Abacus' }, { name: 'Globe' }, { sku: 'x' }],
    }),
  ).toBe('Abacus, Globe · €48.08')
})

test('of a product: name, price and one more', () => {
  const product = { cart_id: 'c', category: 'world', image_url: 'https://shop.example/i.png', name: 'Glow globe' }
  expect(eventSummary({ ...product, price: 64.9, currency: 'EUR', quantity: 1 })).toBe('Glow globe · €64.90 · world')
})
