import { describe, expect, test } from 'vitest'
import { createBgNbd } from './bg-nbd.ts'
import {
  constantRetentionValue,
  createDiscounter,
  discountedPurchasesIfAlive,
  marginMultiple,
} from './lifetime-value.ts'
import { createParetoNbd } from './pareto-nbd.ts'

describe('lifetime value in closed form', () => {
  test.each([
    [0.9, '4.09'],
    [0.8, '2.50'],
    [0.7, '1.67'],
    [0.6, '1.15'],
  ])('the margin multiple at retention %f and a discount rate of .12 is %s', (retention, multiple) => {
    expect(marginMultiple(retention, 0.12).toFixed(2)).toBe(multiple)
  })

  test('1 % better retention is worth about 5 %, 1 % better margin 1 %', () => {
    const base = { margin: 100, retention: 0.9, discountRate: 0.12 }
    const value = constantRetentionValue(base)
    expect(constantRetentionValue({ ...base, retention: 0.909 }) / value - 1).toBeCloseTo(0.05, 2)
    expect(constantRetentionValue({ ...base, margin: 101 }) / value - 1).toBeCloseTo(0.01, 10)
  })

  test('what it cost to win her is taken off once', () => {
    const base = { margin: 100, retention: 0.8, discountRate: 0.12 }
    expect(constantRetentionValue({ ...base, acquisitionCost: 50 })).toBeCloseTo(constantRetentionValue(base) - 50, 10)
  })
})

describe('discounted expected purchases', () => {
  const discounting = { annualRate: 0.12, horizonYears: 5, unitsPerYear: 52 }
  const models = [
    createBgNbd({ r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 }),
    createParetoNbd({ r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }),
  ]

  test.each(
    models.flatMap((model) =>
      [
        [0, 0],
        [0, 70],
        [2, 38.86],
        [30, 70],
      ].map(([x = 0, T = 0]) => ({ model, x, T, name: model.name })),
    ),
  )('$name: the integral equals the sum over days for x = $x, T = $T', ({ model, x, T }) => {
    const days = 5 * 364
    let sum = 0
    for (let day = 0; day < days; day += 1) {
      const within = model.purchasesIfAlive(x, T, (day + 1) / 7) - model.purchasesIfAlive(x, T, day / 7)
      sum += within * 1.12 ** (-(day + 0.5) / 364)
    }
    expect(discountedPurchasesIfAlive(model, x, T, discounting) / sum).toBeCloseTo(1, 5)
  })

  test('without a discount rate they are the expected purchases of the horizon', () => {
    const [model] = models
    if (!model) throw new Error('there is one')
    const customer = { x: 2, tx: 30, T: 39 }
    expect(createDiscounter(model, { ...discounting, annualRate: 0 })(customer)).toBeCloseTo(
      model.pAlive(customer) * model.purchasesIfAlive(2, 39, 260),
      10,
    )
  })
})
