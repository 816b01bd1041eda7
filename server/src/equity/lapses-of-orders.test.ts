import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandAs, type PersonId } from '../kernel/index.ts'
import { isCustomerBefore, relationshipOf } from './customer-relationship.ts'
import { lapsesOfOrders } from './lapses-of-orders.ts'

const order = (at: number, netMinor = 100) => ({ at, netMinor, currency: 'EUR' })

describe('lost and won back by orders', () => {
  test('lost after so long without a kept purchase, won back by the next', () => {
    const orders = [order(10), order(200), order(250), order(255, 0)]
    expect(lapsesOfOrders(orders, 100)).toEqual([
      { lostAt: 110, wonBackAt: 200 },
      { lostAt: 350, wonBackAt: null },
    ])
    expect(lapsesOfOrders([order(5, -20)], 100)).toEqual([])
  })

  test('a customer is one for as long as her last kept purchase is recent', () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1500 }), (ats, after, asked) => {
        const orders = ats.map((at) => order(at))
        const relationship = relationshipOf({
          personId: brandAs<PersonId>('p'),
          orders,
          lapses: lapsesOfOrders(orders, after),
        })
        const last = Math.max(...ats.filter((at) => at < asked), Number.NEGATIVE_INFINITY)
        expect(isCustomerBefore(relationship, asked)).toBe(asked - last <= after)
      }),
    )
  })
})
