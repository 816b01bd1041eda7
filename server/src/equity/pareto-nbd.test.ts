import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createParetoNbd, paretoNbd } from './pareto-nbd.ts'

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true })

describe('Pareto/NBD', () => {
  test('P(alive) is a probability and falls with silence', () => {
    fc.assert(
      fc.property(
        fc.record({ r: positive(0.1, 3), alpha: positive(0.5, 40), s: positive(0.1, 3), beta: positive(0.5, 40) }),
        fc.nat(20),
        positive(0.05, 1),
        positive(1, 100),
        (p, x, share, T) => {
          const customer = { x, tx: x === 0 ? 0 : share * T, T }
          const model = createParetoNbd(p)
          const now = model.pAlive(customer)
          expect(now).toBeGreaterThan(0)
          expect(now).toBeLessThanOrEqual(1)
          expect(model.pAlive({ ...customer, T: T + 5 })).toBeLessThan(now)
        },
      ),
    )
  })

  test('the likelihood passes smoothly from alpha below beta to above', () => {
    const at = (alpha: number) => paretoNbd.logLikelihood([{ x: 4, tx: 20, T: 39, count: 1 }])([0.55, alpha, 0.6, 11])
    expect(at(11 - 1e-7)).toBeCloseTo(at(11 + 1e-7), 6)
    expect(at(11)).toBeCloseTo((at(10.99) + at(11.01)) / 2, 5)
  })

  test('in a very short time the chance of a purchase is the mean rate r / alpha times the time', () => {
    const T = 1e-4
    const none = Math.exp(paretoNbd.logLikelihood([{ x: 0, tx: 0, T, count: 1 }])([0.55, 10.6, 0.6, 11.7]))
    expect((1 - none) / T).toBeCloseTo(0.55 / 10.6, 4)
  })

  test('expected purchases have no gap at s = 1', () => {
    const at = (s: number) => createParetoNbd({ r: 0.5, alpha: 10, s, beta: 12 }).purchasesIfAlive(3, 20, 30)
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 8)
  })
})
