import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createParetoNbd, logGoneByIntegral, logGoneBySeries, paretoNbd } from './pareto-nbd.ts'
import { fitPurchaseModel } from './purchase-model.ts'

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

  test('the integral and its closed form say the same, wherever the series ends', () => {
    const parameter = positive(-8, 8).map(Math.exp)
    const parameters = fc.record({ r: parameter, alpha: parameter, s: parameter, beta: parameter })
    fc.assert(
      fc.property(parameters, fc.nat(120), positive(0, 1), positive(0.5, 500), (p, x, share, T) => {
        const customer = { x, tx: x === 0 ? 0 : share * T, T }
        fc.pre(Math.abs(p.alpha - p.beta) / (Math.max(p.alpha, p.beta) + customer.tx) < 0.999)
        // Where t_x is nearly T, or nobody is gone for long, the closed form is a difference of two that hardly differ.
        fc.pre(T - customer.tx > 1e-3 * (T + Math.min(p.alpha, p.beta)))
        const closed = logGoneBySeries(p, customer)
        expect(Math.abs(logGoneByIntegral(p, customer) - closed)).toBeLessThan(1e-7 * (1 + Math.abs(closed)))
      }),
    )
    expect(logGoneByIntegral({ r: 1, alpha: 1e-5, s: 1, beta: 1e5 }, { x: 3, tx: 40, T: 40 })).toBe(
      Number.NEGATIVE_INFINITY,
    )
  })

  test('frequent buyers of whom nobody leaves are fitted, in a bounded number of terms', () => {
    let state = 9
    const random = () => {
      state = (state * 1103515245 + 12345) % 2147483648
      return (state + 0.5) / 2147483648
    }
    const exponential = (mean: number) => -mean * Math.log(random())
    const buyer = () => {
      const rate = (exponential(1) + exponential(1)) / 2
      const T = 40 + Math.floor(random() * 12)
      let [x, tx] = [0, 0]
      for (let t = exponential(1 / rate); t <= T; t += exponential(1 / rate)) [x, tx] = [x + 1, t]
      return { x, tx, T }
    }
    const never = { x: 0, tx: 0, T: 45 }
    const buyers = Array.from({ length: 60 }, buyer)
    const fit = fitPurchaseModel(paretoNbd, [...buyers, never, never])
    if (fit.kind !== 'fitted') throw new Error(fit.explanation)
    expect(fit.warnings).toEqual(['parameter-at-its-bound'])
    const alive = buyers.map((each) => fit.model.pAlive(each))
    expect(Math.min(...alive)).toBeGreaterThan(0.9)
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
