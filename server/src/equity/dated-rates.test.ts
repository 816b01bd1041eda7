import { describe, expect, test } from 'vitest'
import { datedRates } from './dated-rates.ts'

describe('exchange rates as entered', () => {
  const { rate } = datedRates('EUR', [
    { currency: 'USD', from: 200, rate: 0.9 },
    { currency: 'USD', from: 100, rate: 0.8 },
  ])
  test('each holds from its day until the next; before the first there is none', () => {
    expect([99, 100, 199, 200, 10_000].map((at) => rate('USD', at))).toEqual([null, 0.8, 0.8, 0.9, 0.9])
    expect(rate('GBP', 500)).toBeNull()
  })
})
