import { describe, expect, test } from 'vitest'
import {
  discountedLifetime,
  discountedResidualLifetime,
  fitShiftedBetaGeometric,
  retentionRate,
  survival,
} from './shifted-beta-geometric.ts'

const regular = { alpha: 0.704, beta: 1.182 }

describe('shifted beta-geometric', () => {
  test('survival at the published parameters of Regular is as projected for years 8 to 12', () => {
    expect([8, 9, 10, 11, 12].map((t) => (100 * survival(regular, t)).toFixed(1))).toEqual([
      '22.0',
      '20.4',
      '19.1',
      '18.0',
      '17.0',
    ])
  })

  test('survival is the product of the retention rates, which rise with age', () => {
    let product = 1
    for (let t = 1; t <= 20; t += 1) {
      product *= retentionRate(regular, t)
      expect(survival(regular, t)).toBeCloseTo(product, 12)
      expect(retentionRate(regular, t + 1)).toBeGreaterThan(retentionRate(regular, t))
    }
  })

  test('discounted lifetimes equal their sums', () => {
    let lifetime = 0
    let residual = 0
    for (let t = 0; t < 2000; t += 1) {
      lifetime += survival(regular, t) * 1.1 ** -t
      // In her third period, two renewals behind her: the next is counted whole.
      residual += (survival(regular, 3 + t) / survival(regular, 2)) * 1.1 ** -t
    }
    expect(discountedLifetime(regular, 0.1)).toBeCloseTo(lifetime, 8)
    expect(discountedResidualLifetime(regular, 3, 0.1)).toBeCloseTo(residual, 8)
  })

  test.each([
    [[100, 90], 'too-few-renewals'],
    [[100, 90, 95], 'survivors-grow'],
    [[100, 100, 100], 'nobody-left'],
  ])('survivors %j can not be fitted: %s', (survivors, reason) => {
    expect(fitShiftedBetaGeometric(survivors)).toMatchObject({ kind: 'not-fitted', reason })
  })
})
