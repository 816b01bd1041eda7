import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainForwardChange } from './forward-change.ts'

const figureOf = (people: readonly { readonly personId: string; readonly valueMinor: number }[], future: number) => ({
  people: people.map((person) => ({ ...person, pAlive: 1, discountedPurchases: 1, expectedSpendMinor: 1 })),
  total: { minor: people.reduce((sum, { valueMinor }) => sum + valueMinor, future), interval: null },
  future: {
    minor: future,
    interval: null,
    kind: 'without-acquisition-costs' as const,
    customersPerYear: 1,
    valuePerCustomerMinor: 1,
  },
})

const anyFigure = fc
  .tuple(
    fc.uniqueArray(
      fc.record({ personId: fc.constantFrom(...'abcdefghij'), valueMinor: fc.nat(50_000), isErased: fc.boolean() }),
      { selector: ({ personId }) => personId },
    ),
    fc.integer({ min: -90_000, max: 90_000 }),
  )
  .map(([people, future]) => ({ people, figure: figureOf(people, future) }))

describe('what moved the forward figure', () => {
  test('for any two figures, and whoever was erased between them, the parts sum to the change', () => {
    fc.assert(
      fc.property(anyFigure, anyFigure, ({ people, figure }, { figure: after }) => {
        const change = explainForwardChange(
          {
            totalMinor: figure.total.minor,
            futureMinor: figure.future.minor,
            customers: people.length,
            people: people.filter(({ isErased }) => !isErased),
          },
          after,
        )
        const sum = change.parts.reduce((total, part) => total + part.minor, 0)
        expect(change.fromMinor + sum).toBe(change.toMinor)
        const erased = change.parts.find(({ key }) => key === 'erased')
        expect(erased?.heads ?? 0).toBe(people.filter(({ isErased }) => isErased).length)
      }),
    )
  })

  test('who was erased is none of those who left', () => {
    const { parts } = explainForwardChange(
      { totalMinor: 800, futureMinor: 100, customers: 3, people: [{ personId: 'stays', valueMinor: 200 }] },
      figureOf([{ personId: 'stays', valueMinor: 200 }], 100),
    )
    expect(parts.filter(({ minor }) => minor !== 0)).toEqual([{ key: 'erased', heads: 2, minor: -500 }])
  })
})
