import { describe, expect, test } from 'vitest'
import { brandAs, dayMs, type PersonId } from '../kernel/index.ts'
import { computeForward } from './compute-forward.ts'
import { createConverter, fixedRates } from './currency-conversion.ts'
import type { CostFact, PersonFacts } from './customer-facts.ts'
import { explainForwardChange } from './forward-change.ts'
import { type ComputedForwardEquity, computeForwardEquity, type ForwardAssumptions } from './forward-equity.ts'
import { createColumnsBuilder } from './order-columns.ts'
import { historyOfOrders } from './order-history.ts'

const start = Date.parse('2025-01-01T00:00:00Z')
const assumptions: ForwardAssumptions = {
  model: 'bg-nbd',
  margin: 0.4,
  annualDiscountRate: 0.12,
  horizonYears: 3,
  acquisition: { newCustomers: 600, overYears: 1, costPerCustomerMinor: 500 },
}

/** Mulberry32: uniform on [0, 1), the same for the same seed. */
const randomFrom = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A year of customers who buy as BG/NBD supposes: r = 1, alpha = 30 days, drop-out uniform (a = b = 1). */
const simulate = (heads: number, seed: number): PersonFacts[] => {
  const random = randomFrom(seed)
  const exponential = (mean: number) => -mean * Math.log(1 - random())
  return Array.from({ length: heads }, (_, i) => {
    const rate = exponential(1 / 30)
    const dropOut = random()
    const spend = 1000 + exponential(4000)
    const days = [random() * 300]
    while (days.length < 500) {
      const next = (days.at(-1) ?? 0) + exponential(1 / rate)
      if (next > 365) break
      days.push(next)
      if (random() < dropOut) break
    }
    return {
      personId: brandAs<PersonId>(`p${i}`),
      orders: days.map((day) => ({
        at: start + day * dayMs,
        netMinor: Math.ceil(spend * (0.5 + random())),
        currency: 'EUR',
      })),
    }
  })
}

const forward = (
  people: readonly PersonFacts[],
  day: number,
  overrides: Partial<ForwardAssumptions> = {},
): ComputedForwardEquity => {
  const history = historyOfOrders(people, createConverter(fixedRates('EUR')), {
    asOf: start + day * dayMs,
    unit: 'week',
  })
  const equity = computeForwardEquity(history, { ...assumptions, ...overrides })
  if (equity.kind !== 'computed') throw new Error(equity.explanation)
  return equity
}

describe('the forward figure', () => {
  const people = simulate(1500, 7)
  const equity = forward(people, 365)

  test('is the sum of its people, plus the customers to come, each within its interval', () => {
    expect(equity.people.length).toBe(1500)
    expect(equity.people.reduce((sum, p) => sum + p.valueMinor, 0)).toBe(equity.current.minor)
    expect(equity.total.minor).toBe(equity.current.minor + equity.future.minor)
    for (const { minor, interval } of [equity.current, equity.future, equity.total]) {
      expect(interval?.[0]).toBeLessThan(minor)
      expect(interval?.[1]).toBeGreaterThan(minor)
    }
  })

  test('finds the parameters by which the customers were made', () => {
    expect(Math.abs((equity.parameters.r ?? 0) - 1)).toBeLessThan(0.25)
    expect(Math.abs((equity.parameters.alpha ?? 0) * 7 - 30)).toBeLessThan(8)
  })

  test('four times the customers halve the width of the interval', () => {
    const width = ({ current: { minor, interval } }: ComputedForwardEquity) =>
      interval ? (interval[1] - interval[0]) / minor : Number.NaN
    const ratio = width(equity) / width(forward(simulate(6000, 11), 365))
    expect(ratio).toBeGreaterThan(1.6)
    expect(ratio).toBeLessThan(2.5)
  })

  test('customers to come without known costs are marked, and dearer ones are worth less', () => {
    const unknown = forward(people, 365, { acquisition: { ...assumptions.acquisition, costPerCustomerMinor: null } })
    expect(unknown.future.kind).toBe('without-acquisition-costs')
    expect(unknown.future.minor).toBeGreaterThan(equity.future.minor)
    const dear = forward(people, 365, { acquisition: { ...assumptions.acquisition, costPerCustomerMinor: 10_000_000 } })
    expect(dear.future.minor).toBeLessThan(0)
    expect(dear.current).toEqual(equity.current)
  })

  test('acquisition costs of which one has no exchange rate are not known', () => {
    const builder = createColumnsBuilder()
    for (const { personId, orders } of people.slice(0, 150))
      builder.add(orders.map((order) => ({ ...order, at: Math.round(order.at), personId, isFree: false })))
    const spent = (amountMinor: number, currency: string): CostFact => ({
      at: start + 100 * dayMs,
      amountMinor,
      currency,
      kind: 'acquisition',
    })
    const futureWith = (...costs: readonly CostFact[]) => {
      const output = computeForward({
        orders: builder.build(),
        costs,
        base: 'EUR',
        rates: [],
        timeZone: 'UTC',
        asOf: start + 365 * dayMs,
        settings: { model: 'bg-nbd', margin: 0.4, annualDiscountRate: 0.12, horizonYears: 3 },
        before: null,
      })
      return { ...output.acquisition, ...(output.figure.kind === 'computed' ? output.figure.future : {}) }
    }
    expect(futureWith(spent(150_000, 'EUR'))).toMatchObject({
      kind: 'net-of-acquisition-costs',
      costPerCustomerMinor: 1000,
    })
    for (const costs of [[spent(1_000_000, 'USD')], [spent(1_000_000, 'USD'), spent(150_000, 'EUR')]])
      expect(futureWith(...costs)).toMatchObject({ kind: 'without-acquisition-costs', costPerCustomerMinor: null })
  })

  test('a higher discount rate and a nearer horizon make it smaller', () => {
    expect(forward(people, 365, { annualDiscountRate: 0.3 }).current.minor).toBeLessThan(equity.current.minor)
    expect(forward(people, 365, { horizonYears: 1 }).current.minor).toBeLessThan(equity.current.minor)
  })

  test('the parts of a change sum to it', () => {
    const earlier = forward(people, 280)
    const change = explainForwardChange(
      {
        totalMinor: earlier.total.minor,
        futureMinor: earlier.future.minor,
        customers: earlier.people.length,
        people: earlier.people,
      },
      equity,
    )
    expect(change.fromMinor + change.parts.reduce((sum, part) => sum + part.minor, 0)).toBe(change.toMinor)
    expect(change.parts.find((part) => part.key === 'came')?.heads).toBe(equity.people.length - earlier.people.length)
  })

  test('too little to go on is an outcome with a reason', () => {
    const history = historyOfOrders(people.slice(0, 0), createConverter(fixedRates('EUR')), {
      asOf: start,
      unit: 'week',
    })
    expect(computeForwardEquity(history, assumptions)).toMatchObject({ kind: 'not-computed', reason: 'no-customers' })
  })
})

test('says when the horizon reaches far beyond what was seen', () => {
  const people = simulate(400, 5)
  expect(forward(people, 365, { horizonYears: 3 }).warnings).not.toContain('short-history')
  expect(forward(people, 365, { horizonYears: 5 }).warnings).toContain('short-history')
})
