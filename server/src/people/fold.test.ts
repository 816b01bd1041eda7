import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SubjectId } from '../kernel/index.ts'
import { flatJson, flatReader, flattenProperties } from './flatten-properties.ts'
import { addFacts, foldOrder, type OrderFact, orderFactOf } from './fold-order.ts'
import { emptyProfile, foldTraits } from './fold-traits.ts'
import { decodeVerdicts, encodeVerdicts, verdictKinds } from './verdicts.ts'

describe('an order', () => {
  const fact: fc.Arbitrary<OrderFact> = fc.record({
    kind: fc.constantFrom('completed', 'updated', 'refunded', 'cancelled', 'delivered'),
    at: fc.nat(50),
    messageId: fc.uuid(),
    amountMinor: fc.option(fc.nat(10_000)),
    currency: fc.constantFrom('EUR', null),
  })

  test('is the same whatever order its events arrive in, and however often', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 8 }), fc.array(fc.nat()), (facts, shuffle) => {
        const shuffled = [...facts].sort((a, b) => (shuffle[facts.indexOf(a)] ?? 0) - (shuffle[facts.indexOf(b)] ?? 0))
        expect(foldOrder(addFacts(shuffled, facts))).toEqual(foldOrder(facts))
      }),
    )
  })

  test('a refund without an amount is of everything; a return without its order stands negative', () => {
    const completed: OrderFact = { kind: 'completed', at: 1, messageId: 'a', amountMinor: 5_000, currency: 'EUR' }
    const refund: OrderFact = { kind: 'refunded', at: 2, messageId: 'b', amountMinor: null, currency: 'EUR' }
    expect(foldOrder([refund, completed])).toMatchObject({ grossMinor: 5_000, refundedMinor: 5_000 })
    const alone: OrderFact = { ...refund, amountMinor: -700 }
    expect(foldOrder([alone])).toMatchObject({ grossMinor: 0, refundedMinor: 700 })
  })

  test('takes revenue before total, and amounts written as text', () => {
    const event = {
      name: 'Order Completed',
      occurredAt: 1,
      messageId: 'm',
      properties: { order_id: 7, revenue: '25.00', total: 27.5 },
    }
    expect(orderFactOf(event, 'EUR')).toEqual({
      orderId: '7',
      fact: { kind: 'completed', at: 1, messageId: 'm', amountMinor: 2_500, currency: 'EUR' },
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

  test('one path read alone is what all of them together say of it', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer()))
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
          fc.oneof(
            fc.double({ noNaN: true, noDefaultInfinity: true }),
            fc.integer(),
            fc.string({ unit: 'binary' }),
            fc.boolean(),
          ),
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
