import { mostMinor } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../collect/index.ts'
import { must, type Position, type SubjectId } from '../kernel/index.ts'
import { flatJson, flatReader, flattenProperties } from './flatten-properties.ts'
import { boundRefused } from './fold-batch.ts'
import { addFacts, foldOrder, type KeptFact, mostFacts, type OrderFact, orderFactOf, setAsideOf } from './fold-order.ts'
import { emptyProfile, foldTraits } from './fold-traits.ts'
import { decodeVerdicts, encodeVerdicts, verdictKinds } from './verdicts.ts'

describe('an order', () => {
  const about = { at: fc.nat(50), messageId: fc.uuid(), currency: fc.constantFrom('EUR', 'JPY', 'USD', null) }
  const kind = fc.constantFrom('completed', 'updated', 'refunded', 'cancelled', 'delivered')
  const amount = fc.option(
    fc.oneof(
      fc.nat(1_000_000).map((cents) => cents / 100),
      fc.constantFrom(1e11, 1e14, -1e300),
    ),
  )
  const unreadable = fc.record({ ...about, kind, amount: fc.constant(null), unreadable: fc.constant('12,50') })
  const fact: fc.Arbitrary<OrderFact> = fc.oneof(fc.record({ ...about, kind, amount }), unreadable)
  const minor = fc.oneof(fc.nat(10_000), fc.constant(Number.MAX_SAFE_INTEGER))
  const keptBefore = fc.record({ ...about, kind, amountMinor: fc.option(minor) })
  const facts: fc.Arbitrary<KeptFact[]> = fc.uniqueArray(fc.oneof(fact, keptBefore), {
    maxLength: 8,
    selector: ({ messageId }) => messageId,
  })
  const factsInTwoOrders = facts.chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length })),
  )

  test('is the same whatever order its events arrive in, and however often', () => {
    fc.assert(
      fc.property(factsInTwoOrders, fc.nat(8), ([given, shuffled], cut) => {
        const whole = foldOrder(given, 'EUR')
        // As the stage folds it: once for each arrival, each time over all that is kept.
        const first = addFacts([], shuffled.slice(0, cut))
        const before = first.length > 0 ? foldOrder(first, 'EUR').currency : null
        const all = addFacts(addFacts(first, shuffled), given)
        expect(foldOrder(all, before ?? 'EUR')).toEqual(whole)
        expect(setAsideOf(all, whole.currency)).toEqual(setAsideOf(given, whole.currency))
      }),
    )
  })

  test('counts its first thousand events by time, whatever order they arrive in, and says that there were more', () => {
    const refunds = Array.from({ length: mostFacts + 50 }, (_, at): OrderFact => {
      return { kind: 'refunded', at: at % 700, messageId: `m${at}`, amount: 0.01, currency: 'EUR' }
    })
    const whole = addFacts([], refunds)
    expect(whole).toHaveLength(mostFacts + 1)
    expect(foldOrder(whole, 'EUR').refundedMinor).toBe(mostFacts)
    expect(setAsideOf(whole, 'EUR')).toEqual([{ reason: 'too-many-events', at: 650 }])
    expect(setAsideOf(addFacts([], refunds.slice(0, mostFacts)), 'EUR')).toEqual([])
    const ids = (facts: readonly KeptFact[]) => facts.map(({ messageId }) => messageId).toSorted()
    const chunk = fc.integer({ min: 1, max: 400 })
    fc.assert(
      fc.property(chunk, fc.boolean(), (size, backwards) => {
        const arriving = backwards ? refunds.toReversed() : refunds
        let kept: readonly KeptFact[] = []
        for (let at = 0; at < arriving.length; at += size) kept = addFacts(kept, arriving.slice(at, at + size))
        expect(ids(addFacts(kept, refunds))).toEqual(ids(whole))
        expect(ids(kept)).toEqual(ids(whole))
      }),
      { numRuns: 20 },
    )
  })

  test('counts each amount in its own currency, or sets it aside', () => {
    const refund = fc.record({ ...about, kind: fc.constant('refunded' as const), amount: fc.nat(1_000) })
    const refunds = fc.uniqueArray(refund, { maxLength: 8, selector: ({ messageId }) => messageId })
    fc.assert(
      fc.property(refunds, (given) => {
        const completed: OrderFact = { kind: 'completed', at: 0, messageId: '', amount: 100, currency: 'JPY' }
        const own = given.filter(({ currency }) => currency === 'JPY' || currency === null)
        const all = [...given, completed]
        expect(foldOrder(all, 'EUR')).toMatchObject({
          currency: 'JPY',
          grossMinor: 100,
          refundedMinor: own.reduce((sum, each) => sum + each.amount, 0),
        })
        expect(setAsideOf(all, 'JPY')).toHaveLength(given.length - own.length)
      }),
    )
  })

  test('comes to no more than can be summed, whatever is said of it', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { grossMinor, refundedMinor } = foldOrder(given, 'EUR')
        expect(Math.abs(grossMinor)).toBeLessThanOrEqual(mostMinor)
        expect(refundedMinor).toBeGreaterThanOrEqual(0)
        expect(refundedMinor).toBeLessThanOrEqual(mostMinor)
      }),
    )
  })

  test('an amount that is no number or too big is set aside, and a refund of it is not one of everything', () => {
    const said = (name: string, at: number, properties: JsonObject) =>
      must(orderFactOf({ name, occurredAt: at, messageId: `${at}`, properties: { order_id: 7, ...properties } }), 'one')
        .fact
    const facts = [
      said('Order Completed', 1, { total: 20, currency: 'EUR' }),
      said('Order Updated', 2, { revenue: '12,50' }),
      said('Order Updated', 3, { revenue: 90_000_000_000_000 }),
      said('Order Refunded', 4, { value: { major: '\0\ud83d' } }),
      said('Order Refunded', 5, { revenue: '1e300', currency: 'USD' }),
    ]
    expect(foldOrder(facts, 'EUR')).toMatchObject({ grossMinor: 2_000, refundedMinor: 0 })
    expect(setAsideOf(facts, 'EUR')).toEqual([
      { kind: 'updated', at: 2, reason: 'unreadable', stated: '12,50' },
      { kind: 'updated', at: 3, reason: 'too-big', stated: '90000000000000' },
      { kind: 'refunded', at: 4, reason: 'unreadable', stated: '{"major":"\\u0000\\ud83d"}' },
      { kind: 'refunded', at: 5, reason: 'too-big', stated: '1e+300' },
    ])
    // Nothing where an amount could stand is none, as before.
    expect(foldOrder([...facts, said('Order Refunded', 6, { revenue: ' ', total: null })], 'EUR')).toMatchObject({
      refundedMinor: 2_000,
    })
  })

  test('is free where that was stated, not where nobody stated an amount', () => {
    const said = (kind: OrderFact['kind'], amount: number | null): OrderFact => ({
      kind,
      at: 1,
      messageId: kind,
      amount,
      currency: 'EUR',
    })
    const isFree = (...facts: OrderFact[]) => foldOrder(facts, 'EUR').statedFree
    expect(isFree(said('completed', 0))).toBe(true)
    expect(isFree(said('completed', 50), said('updated', 0))).toBe(true)
    expect(isFree(said('completed', null), said('delivered', null))).toBe(false)
    expect(isFree(said('delivered', 0))).toBe(false)
    expect(isFree(said('refunded', 0))).toBe(false)
    expect(isFree(said('completed', 0), said('updated', 50))).toBe(false)
  })

  test('is in the currency of its completion, else in the first that was stated, else in the workspace’s', () => {
    const update: OrderFact = { kind: 'updated', at: 1, messageId: 'a', amount: 50, currency: null }
    const refund: OrderFact = { kind: 'refunded', at: 2, messageId: 'b', amount: 20, currency: 'USD' }
    const completed: OrderFact = { kind: 'completed', at: 3, messageId: 'c', amount: 60, currency: 'JPY' }
    expect(foldOrder([update], 'EUR')).toMatchObject({ currency: 'EUR', grossMinor: 5_000 })
    expect(foldOrder([update, refund], 'EUR')).toMatchObject({
      currency: 'USD',
      grossMinor: 5_000,
      refundedMinor: 2_000,
    })
    expect(foldOrder([update, refund, completed], 'EUR')).toMatchObject({
      currency: 'JPY',
      grossMinor: 60,
      refundedMinor: 0,
    })
  })

  test('a refund without an amount is of all that is left; a return without its order stands negative', () => {
    const completed: OrderFact = { kind: 'completed', at: 1, messageId: 'a', amount: 50, currency: 'EUR' }
    const refund: OrderFact = { kind: 'refunded', at: 2, messageId: 'b', amount: null, currency: 'EUR' }
    expect(foldOrder([refund, completed], 'EUR')).toMatchObject({ grossMinor: 5_000, refundedMinor: 5_000 })
    const alone: OrderFact = { ...refund, amount: -7 }
    expect(foldOrder([alone], 'EUR')).toMatchObject({ grossMinor: 0, refundedMinor: 700 })
  })

  test('a refund of everything is of what is left, however many say so, before and after refunds of a part', () => {
    const completed: OrderFact = { kind: 'completed', at: 0, messageId: 'c', amount: 100, currency: 'EUR' }
    const updated: OrderFact = { ...completed, kind: 'updated', at: 5, amount: 120 }
    const back = (at: number, amount: number | null): OrderFact => ({
      kind: 'refunded',
      at,
      messageId: `r${at}`,
      amount,
      currency: null,
    })
    const refunded = (...facts: OrderFact[]) => foldOrder([completed, ...facts], 'EUR').refundedMinor
    expect(refunded(back(1, 30), back(2, null))).toBe(10_000)
    expect(refunded(back(1, null), back(2, null))).toBe(10_000)
    expect(refunded(back(1, null), back(2, 30))).toBe(10_000)
    expect(refunded(back(1, 30), back(1.5, null), back(2, 30), back(3, null))).toBe(10_000)
    // What was added later is not refunded yet.
    expect(refunded(back(1, null), updated)).toBe(10_000)
    expect(refunded(back(1, null), updated, back(6, 15))).toBe(11_500)
    expect(refunded(back(1, null), updated, back(6, 15), back(7, null))).toBe(12_000)
    // More than all, stated, is what was stated.
    expect(refunded(back(1, 70), back(2, 50), back(3, null))).toBe(12_000)
    expect(refunded(back(1, null), back(2, 70), back(3, 50))).toBe(12_000)
  })

  test('is not what an event of another name says, whatever that name means to the program', () => {
    const named = (name: string) => orderFactOf({ name, occurredAt: 1, messageId: 'm', properties: { order_id: 7 } })
    for (const name of ['constructor', 'toString', '__proto__', 'Order Forgotten']) expect(named(name)).toBeNull()
  })

  test('takes revenue before total, amounts written as text, and no currency for granted', () => {
    const event = {
      name: 'Order Completed',
      occurredAt: 1,
      messageId: 'm',
      properties: { order_id: 7, revenue: '25.00', total: 27.5 },
    }
    expect(orderFactOf(event)).toEqual({
      orderId: '7',
      fact: { kind: 'completed', at: 1, messageId: 'm', amount: 25, currency: null },
    })
  })
})

describe('traits', () => {
  test('an older statement never replaces a newer one, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 10 }), (times) => {
        const folded = times.reduce((profile, at) => foldTraits(profile, { plan: at }, at), emptyProfile)
        expect(folded.traits.plan).toBe(Math.max(...times))
      }),
    )
  })

  test('null takes a trait away', () => {
    const known = foldTraits(emptyProfile, { plan: 'gold' }, 1)
    expect(foldTraits(known, { plan: null }, 2).traits).toEqual({})
  })
})

describe('what rules see of an object', () => {
  test('scalars by dotted path, the first of two spellings, no lists or nulls', () => {
    const flat = flattenProperties({ a: { b: 1 }, 'a.b': 2, list: [1], none: null, deep: { x: { y: true } } })
    expect([...flat]).toEqual([
      ['a.b', 1],
      ['deep.x.y', true],
    ])
  })

  test('a number beyond all others, as JSON reads 1e400, is no value', () => {
    const object = JSON.parse('{"a":1e400,"b":-1e400,"deep":{"c":1e400,"d":1},"list":[1e400],"a.e":2}')
    expect([...flattenProperties(object)]).toEqual([
      ['deep.d', 1],
      ['a.e', 2],
    ])
    expect(flatReader(JSON.parse('{"a":1e400}'))('a')).toBeUndefined()
  })

  test('one path read alone is what all of them together say of it', () => {
    const endless = fc.constantFrom(Infinity, -Infinity)
    const scalar = fc.oneof(fc.string(), fc.integer(), endless, fc.boolean(), fc.constant(null), fc.array(fc.integer()))
    const name = fc.oneof(fc.constantFrom('a', 'b', 'a.b', '', '__proto__', 'constructor'), fc.string())
    const flatObject = fc.dictionary(name, fc.oneof(scalar, fc.string({ minLength: 990, maxLength: 1_010 })))
    const big = fc.dictionary(fc.string(), scalar, { minKeys: 95, maxKeys: 110, size: 'max' })
    fc.assert(
      fc.property(
        fc.oneof(flatObject, fc.dictionary(name, fc.oneof(scalar, flatObject)), big),
        fc.array(name),
        (object, others) => {
          const all = flattenProperties(object)
          const read = flatReader(object)
          for (const path of [...all.keys(), ...Object.keys(object), ...others]) expect(read(path)).toBe(all.get(path))
        },
      ),
    )
  })

  test('as text it is valid JSON in which every whole number has a fraction', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string(),
          fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.string({ unit: 'binary' }), fc.boolean()),
        ),
        (object) => {
          const text = flatJson(object)
          const parsed = JSON.parse(text)
          for (const [path, value] of flattenProperties(object))
            if (typeof value === 'number') expect(parsed[path.toWellFormed()]).toBe(value === 0 ? 0 : value)
          // Names and texts may look like numbers.
          expect(text.replaceAll(/"(?:\\.|[^"\\])*"/g, '""')).not.toMatch(/:-?\d+[,}]/)
        },
      ),
    )
  })
})

test('verdicts keep kind and subject', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...verdictKinds), fc.option(fc.uuid()))), (list) => {
      const verdicts = list
        .filter(([, id]) => id !== '00000000-0000-0000-0000-000000000000')
        .map(([kind, id]) => ({ kind, subjectId: id as SubjectId | null }))
      expect(decodeVerdicts(encodeVerdicts(verdicts))).toEqual(verdicts)
    }),
  )
})

test('of what was refused of one log batch some hundred rows are kept, and how many more there were', () => {
  const refused = (position: number, count: number) =>
    Array.from({ length: count }, (_, eventIndex) => ({
      position: position as Position,
      eventIndex,
      receivedAt: 1,
      reason: 'not-an-object',
      detail: '',
      event: Buffer.alloc(40_000),
    }))
  const kept = boundRefused([...refused(1, 5_000), ...refused(2, 200)])
  expect(kept.map(({ position, eventIndex }) => [position, eventIndex])).toEqual(
    [1, 2].flatMap((position) => Array.from({ length: 200 }, (_, index) => [position, index])),
  )
  expect(kept.flatMap(({ detail }, index) => (detail === '' ? [] : [[index, detail]]))).toEqual([
    [199, '(and 4800 more events of its log batch)'],
  ])
  expect(kept.every(({ event }) => event.length === 32 * 1024)).toBe(true)
})
