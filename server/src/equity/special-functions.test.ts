import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  growthRatio,
  hypergeometric,
  integrate,
  lnBeta,
  lnGamma,
  logAddExp,
  logSubtractExp,
} from './special-functions.ts'

describe('special functions', () => {
  test.each([
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [1, 0],
    [2, 0],
    [10, Math.log(362880)],
    [0.001, 6.907178885383854],
    [100, 359.1342053695754],
    [1e5, 1051287.7089736538],
  ])('lnGamma(%f) is right to twelve digits', (z, expected) => {
    expect(Math.abs(lnGamma(z) - expected)).toBeLessThan(1e-12 * (1 + Math.abs(expected)))
  })

  test('lnGamma grows by ln z from z to z + 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (z) => {
        expect(lnGamma(z + 1) - lnGamma(z)).toBeCloseTo(Math.log(z), 8)
      }),
    )
  })

  test('lnBeta(2, 3) is ln 1/12', () => expect(lnBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 13))

  test('the hypergeometric series equals its elementary cases', () => {
    const z = fc.double({ min: 0, max: 0.99, noNaN: true })
    const a = fc.double({ min: 0.01, max: 5, noNaN: true })
    fc.assert(
      fc.property(z, a, (at, power) => {
        expect(hypergeometric(power, 2.5, 2.5, at) * (1 - at) ** power).toBeCloseTo(1, 10)
        if (at > 1e-6) expect(hypergeometric(1, 1, 2, at)).toBeCloseTo(-Math.log1p(-at) / at, 9)
      }),
    )
  })

  test('sums and differences of exponentials stay finite far outside the range of exp', () => {
    expect(logAddExp(-2000, -2000)).toBeCloseTo(-2000 + Math.log(2), 12)
    expect(logAddExp(Number.NEGATIVE_INFINITY, 3)).toBe(3)
    expect(logSubtractExp(2000, 1999)).toBeCloseTo(2000 + Math.log(1 - Math.exp(-1)), 12)
    expect(logSubtractExp(5, 5)).toBe(Number.NEGATIVE_INFINITY)
  })

  test('the growth ratio goes smoothly through its removable singularity', () => {
    expect(growthRatio(0, 1.7)).toBe(1.7)
    expect(growthRatio(1e-9, 1.7)).toBeCloseTo(1.7, 8)
    expect(growthRatio(1, 1)).toBeCloseTo(Math.E - 1, 14)
  })

  test('integration is exact for a polynomial of degree 31', () => {
    expect(integrate((x) => 32 * x ** 31, 0, 1)).toBeCloseTo(1, 12)
  })
})
