import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandAs, dayMs, type PersonId } from '../kernel/index.ts'
import { fixedRates } from './currency-conversion.ts'
import { balanceCustomers } from './customer-balance.ts'
import type { CostFact, OrderFact, PersonFacts } from './customer-facts.ts'
import { moveIn, relationshipOf } from './customer-relationship.ts'
import { statePeriod } from './period-statement.ts'
import { waterfallOf } from './statement-waterfall.ts'

const at = (date: string): number => Date.parse(`${date}T12:00:00Z`)
const order = (date: string, netMinor: number, currency = 'EUR'): OrderFact => ({ at: at(date), netMinor, currency })
const person = (name: string, orders: readonly OrderFact[], lapses: PersonFacts['lapses'] = []): PersonFacts => ({
  personId: brandAs<PersonId>(name),
  orders,
  lapses,
})
const cost = (kind: CostFact['kind'], amountMinor: number, extra: Partial<CostFact> = {}): CostFact => ({
  at: at('2026-02-10'),
  amountMinor,
  currency: 'EUR',
  kind,
  ...extra,
})
const period = { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-03-15T00:00:00Z') }
const euros = fixedRates('EUR')
const costs = [
  cost('acquisition', 3000, { phase: 'contact' }),
  cost('servicing', 1000),
  cost('acquisition', 500, { phase: 'contact' }),
]

const anna = person('anna', [order('2026-02-01', 5000)])
const berta = person('berta', [order('2025-06-01', 9000), order('2026-02-02', 2000), order('2026-03-01', 1000)])
const carla = person(
  'carla',
  [order('2025-03-01', 40_000), order('2025-11-01', 36_500)],
  [{ lostAt: at('2026-02-20') }],
)

describe('the period statement', () => {
  const statement = statePeriod([anna, berta, carla], costs, period, euros)

  test('opens each term to the people behind it', () => {
    expect(statement.new).toMatchObject({
      heads: 1,
      revenueMinor: 5000,
      averageMinor: 5000,
      people: [{ personId: 'anna' }],
    })
    expect(statement.old).toMatchObject({ heads: 1, revenueMinor: 3000, people: [{ personId: 'berta' }] })
    expect(statement.churned.people).toMatchObject([{ personId: 'carla' }])
  })

  test('what comes to more than can be told exactly stands at the most that can', () => {
    const most = 10 ** 13
    const many = Array.from({ length: 1_000 }, (_, nth) => person(`rich-${nth}`, [order('2026-02-01', most)]))
    const inPounds = person('pounds', [order('2026-02-01', most, 'GBP')])
    const rates = fixedRates('EUR', { GBP: 1e9 })
    const servicing = Array.from({ length: 2_000 }, () => cost('servicing', most, { phase: 'contact' }))
    const huge = statePeriod([...many, inPounds], servicing, period, rates)
    const steps = waterfallOf(huge)
    const balance = balanceCustomers([...many, inPounds], period, rates)
    const told = JSON.stringify([huge, steps, balance]).matchAll(/-?\d{5,}/g)
    for (const [digits] of told) expect(Number.isSafeInteger(Number(digits))).toBe(true)
    expect(huge.new.revenueMinor).toBe(Number.MAX_SAFE_INTEGER)
    expect(huge.servicingCosts).toMatchObject({ amountMinor: Number.MAX_SAFE_INTEGER })
  })

  test('counts the churned at the revenue of the 12 months up to their last purchase, scaled to the period', () => {
    // 73 days are a fifth of a year; both of her purchases lie within the 12 months up to the last.
    expect(period.to - period.from).toBe(73 * dayMs)
    expect(statement.churned.revenueMinor).toBe((40_000 + 36_500) / 5)
  })

  test('is new less acquisition, plus old less servicing, less churned', () => {
    expect(statement.acquisitionCosts).toMatchObject({ amountMinor: 3500, entries: 2, byPhase: { contact: 3500 } })
    expect(statement.result).toEqual({ kind: 'equity', minor: 5000 - 3500 + 3000 - 1000 - 15_300 })
  })

  test('says so when costs are missing, instead of showing a profit', () => {
    const none = statePeriod([anna], [], period, euros)
    expect(none.result).toEqual({ kind: 'revenue-without-costs', minor: 5000 })
    expect(statePeriod([anna], [cost('acquisition', 100)], period, euros).result).toEqual({
      kind: 'equity-before-some-costs',
      minor: 4900,
      missing: 'servicing',
    })
    expect(waterfallOf(none).map((s) => `${s.key}: ${s.kind}`)).toContain('acquisition-costs: unknown')
  })

  test('costs of another period and of amount 0 count as what they are', () => {
    const entered = [cost('acquisition', 0), cost('servicing', 0), cost('servicing', 900, { at: at('2025-12-31') })]
    expect(statePeriod([anna], entered, period, euros).result).toEqual({ kind: 'equity', minor: 5000 })
  })

  test('costs without an exchange rate are not known, and not none', () => {
    const dollars = (kind: CostFact['kind'], amountMinor: number) => cost(kind, amountMinor, { currency: 'USD' })
    const none = statePeriod([anna], [dollars('acquisition', 1_000_000), dollars('servicing', 500_000)], period, euros)
    expect(none.result).toEqual({ kind: 'revenue-without-costs', minor: 5000 })
    expect(none.acquisitionCosts).toMatchObject({ amountMinor: 0, entries: 0, unconverted: 1 })
    expect(none.unconverted).toMatchObject([{ currency: 'USD', amountMinor: 1_500_000, entries: 2 }])
    expect(waterfallOf(none).map((s) => `${s.key}: ${s.kind}`)).toContain('servicing-costs: unknown')
    const some = statePeriod([anna], [dollars('acquisition', 1_000_000), cost('servicing', 900)], period, euros)
    expect(some.result).toEqual({ kind: 'equity-before-some-costs', minor: 4100, missing: 'acquisition' })
  })

  test('nothing in another currency is nothing, whatever the rate', () => {
    const zero = statePeriod([anna], [cost('acquisition', 0, { currency: 'USD' }), cost('servicing', 0)], period, euros)
    expect(zero).toMatchObject({ result: { kind: 'equity', minor: 5000 }, unconverted: [] })
  })

  test('a cancelled first order makes no new customer', () => {
    expect(statePeriod([person('dora', [order('2026-02-01', 0)])], costs, period, euros).new.heads).toBe(0)
  })

  test('a return by someone who bought nothing in the period is shown apart and not forgotten', () => {
    const emma = person('emma', [order('2025-12-20', 8000), order('2026-01-05', -8000)])
    const { old, returnsOnly, result } = statePeriod([emma], costs, period, euros)
    expect(old.heads).toBe(0)
    expect(returnsOnly).toMatchObject({ heads: 1, revenueMinor: -8000 })
    expect(result).toMatchObject({ minor: -8000 - 4500 })
  })

  test('a missing exchange rate is shown once, not guessed; a known one is used by minor digits', () => {
    const yen = person(
      'yuki',
      [order('2025-12-01', 7000, 'JPY'), order('2026-01-10', 10_000, 'JPY')],
      [{ lostAt: at('2026-03-01') }],
    )
    const unknown = statePeriod([yen], costs, period, euros)
    expect(unknown.old).toMatchObject({ heads: 1, revenueMinor: 0 })
    expect(unknown.unconverted).toEqual([
      { currency: 'JPY', amountMinor: 17_000, entries: 2, firstAt: at('2025-12-01') },
    ])
    expect(statePeriod([yen], costs, period, fixedRates('EUR', { JPY: 0.006 })).old.revenueMinor).toBe(6000)
  })

  test('a period that ends before it begins is refused', () => {
    expect(() => statePeriod([], [], { from: 2, to: 2 }, euros)).toThrow(/Give an end after its start/)
  })
})

describe('how a period finds and leaves a person', () => {
  const move = (orders: readonly OrderFact[], lapses: PersonFacts['lapses'] = []) =>
    moveIn(relationshipOf(person('p', orders, lapses)), period)
  const before = order('2025-06-01', 100)

  test.each([
    ['new', move([order('2026-01-01', 100)])],
    ['none', move([order('2026-03-16', 100)])],
    ['stayed', move([before])],
    ['lost', move([before], [{ lostAt: at('2026-02-01') }])],
    ['new-and-lost', move([order('2026-01-02', 100)], [{ lostAt: at('2026-02-01') }])],
    ['won-back', move([before, order('2026-02-01', 100)], [{ lostAt: at('2025-12-01') }])],
    ['stayed', move([before, order('2026-03-01', 100)], [{ lostAt: at('2026-02-01') }])],
    ['none', move([before], [{ lostAt: at('2025-12-01') }])],
    ['won-back', move([before], [{ lostAt: at('2025-12-01'), wonBackAt: at('2026-02-01') }])],
    ['new', move([order('2026-02-01', 100)], [{ lostAt: at('2026-01-15') }])],
    ['none', move([order('2026-02-01', 0)])],
  ])('%s', (expected, actual) => expect(actual).toBe(expected))
})

const anyInstant = fc.integer({ min: period.from - 400 * dayMs, max: period.to + 60 * dayMs })
const anyPeople = fc
  .array(
    fc.record({
      orders: fc.array(
        fc.record({
          at: anyInstant,
          netMinor: fc.integer({ min: -5000, max: 90_000 }),
          currency: fc.constantFrom('EUR', 'USD', 'XXX'),
        }),
        { maxLength: 6 },
      ),
      lapses: fc.array(fc.record({ lostAt: anyInstant, wonBackAt: fc.option(anyInstant) }), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  )
  .map((people) => people.map((facts, i) => person(`p${i}`, facts.orders, facts.lapses)))
const rates = fixedRates('EUR', { USD: 0.9 })

describe('for any people', () => {
  test('opening + new + won back − lost = closing, in heads and in money', () => {
    fc.assert(
      fc.property(anyPeople, (people) => {
        const b = balanceCustomers(people, period, rates)
        expect(b.opening.heads + b.new.heads + b.wonBack.heads - b.lost.heads).toBe(b.closing.heads)
        expect(
          b.opening.valueMinor + b.new.valueMinor + b.wonBack.valueMinor - b.lost.valueMinor + b.changeOfStayedMinor,
        ).toBe(b.closing.valueMinor)
      }),
    )
  })

  test('the closing of one period is the opening of the next', () => {
    fc.assert(
      fc.property(anyPeople, (people) => {
        const next = { from: period.to, to: period.to + 30 * dayMs }
        const closing = balanceCustomers(people, period, rates).closing
        expect(balanceCustomers(people, next, rates).opening).toEqual(closing)
      }),
    )
  })

  test('every term is the sum of its people, and the waterfall ends at the result', () => {
    fc.assert(
      fc.property(anyPeople, fc.boolean(), (people, withCosts) => {
        const statement = statePeriod(people, withCosts ? costs : [], period, rates)
        for (const term of [statement.new, statement.old, statement.churned, statement.returnsOnly]) {
          expect(term.people.length).toBe(term.heads)
          expect(term.people.reduce((sum, p) => sum + p.revenueMinor, 0)).toBe(term.revenueMinor)
        }
        const steps = waterfallOf(statement)
        expect(steps.at(-2)?.endMinor).toBe(steps.at(-1)?.endMinor)
        expect(steps.at(-1)?.endMinor).toBe(statement.result.minor)
      }),
    )
  })

  test("the statement's churned are the balance's lost", () => {
    fc.assert(
      fc.property(anyPeople, (people) => {
        const churned = statePeriod(people, [], period, rates).churned.people.map((p) => p.personId)
        expect(churned).toEqual(balanceCustomers(people, period, rates).lost.people)
      }),
    )
  })
})
