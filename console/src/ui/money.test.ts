import { expect, test } from 'vitest'
import { formatMoney } from './money.ts'

test.each([
  [24_810, '€248.10'],
  [-12_345, '-€123.45'],
  [50_000, '€500'],
  [0, '€0'],
  [123_450, '€1.2K'],
  [-250_000_000, '-€2.5M'],
])('%i cents are short as %s: no half of a decimal fraction', (minor, short) => {
  expect(formatMoney({ minor, currency: 'EUR' }, 'short')).toBe(short)
})

test('an exact amount has all its decimal places', () => {
  expect(formatMoney({ minor: 50_000, currency: 'EUR' })).toBe('€500.00')
  expect(formatMoney({ minor: 500, currency: 'JPY' })).toBe('¥500')
})
