import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bgNbd, createBgNbd } from './bg-nbd.ts'
import { expectedPurchases, fitPurchaseModel } from './purchase-model.ts'
import { hypergeometric } from './special-functions.ts'

const published = createBgNbd({ r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425906 })
const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const parameters = fc.record({
  r: positive(0.05, 5),
  alpha: positive(0.5, 40),
  a: positive(0.05, 8),
  b: positive(0.05, 8),
})
const history = fc
  .record({ x: fc.nat(30), share: positive(0.01, 1), T: positive(1, 150) })
  .map(({ x, share, T }) => ({ x, tx: x === 0 ? 0 : share * T, T }))

describe('BG/NBD', () => {
  test('the published customer is expected to buy 1.226 times in 39 weeks and is alive with probability .73', () => {
    const customer = { x: 2, tx: 30.43, T: 38.86 }
    expect(expectedPurchases(published, customer, 39)).toBeCloseTo(1.226, 3)
    expect(published.pAlive(customer)).toBeCloseTo(0.73, 2)
  })

  test('who never bought again is alive for certain: only a purchase makes one drop out', () => {
    expect(published.pAlive({ x: 0, tx: 0, T: 500 })).toBe(1)
  })

  test('the stable form of expected purchases equals equation (10) as printed', () => {
    fc.assert(
      fc.property(parameters, history, positive(0.1, 100), (p, { x, T }, t) => {
        const { r, alpha, a, b } = p
        const c = a + b + x - 1
        fc.pre(Math.abs(a - 1) > 0.01 && c > 0.05)
        const z = t / (alpha + T + t)
        const printed =
          (c / (a - 1)) * (1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * hypergeometric(r + x, b + x, c, z))
        const ours = createBgNbd(p).purchasesIfAlive(x, T, t)
        expect(Math.abs(ours - printed)).toBeLessThan(1e-7 * (1 + Math.abs(printed) + c / Math.abs(a - 1)))
      }),
      { numRuns: 500 },
    )
  })

  test('expected purchases begin at the rate (r + x) / (alpha + T) and grow with time', () => {
    fc.assert(
      fc.property(parameters, history, (p, { x, T }) => {
        const model = createBgNbd(p)
        const soon = 1e-5 * (p.alpha + T)
        expect(model.purchasesIfAlive(x, T, soon) / soon / ((p.r + x) / (p.alpha + T))).toBeCloseTo(1, 2)
        const [first = 0, second = 0, third = 0] = [1, 10, 100].map((t) => model.purchasesIfAlive(x, T, t))
        expect(first).toBeGreaterThan(0)
        expect(second).toBeGreaterThan(first)
        expect(third).toBeGreaterThan(second)
      }),
    )
  })

  test('nothing breaks where the printed formula divides by zero, or overflows', () => {
    const at = (a: number) => createBgNbd({ r: 0.5, alpha: 4, a, b: 2 }).purchasesIfAlive(3, 20, 30)
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 8)
    const pole = (b: number) => createBgNbd({ r: 0.5, alpha: 4, a: 0.4, b }).purchasesIfAlive(0, 20, 30)
    expect(pole(0.6)).toBeCloseTo(pole(0.6 + 1e-9), 6)
    expect(Number.isFinite(published.purchasesIfAlive(5000, 1000, 1000))).toBe(true)
    expect(published.pAlive({ x: 5000, tx: 10, T: 1000 })).toBe(0)
  })

  test('P(alive) is a probability, and a longer silence never raises it', () => {
    fc.assert(
      fc.property(parameters, history, (p, customer) => {
        const model = createBgNbd(p)
        const now = model.pAlive(customer)
        const later = model.pAlive({ ...customer, T: customer.T + 10 })
        expect(now).toBeGreaterThanOrEqual(0)
        expect(now).toBeLessThanOrEqual(1)
        expect(later).toBeLessThanOrEqual(now)
      }),
    )
  })
})

describe('fitting a purchase model', () => {
  test('says why nothing can be fitted', () => {
    expect(fitPurchaseModel(bgNbd, [])).toMatchObject({ kind: 'not-fitted', reason: 'no-customers' })
    expect(fitPurchaseModel(bgNbd, [{ x: 0, tx: 0, T: 3 }])).toMatchObject({ reason: 'no-repeat-purchases' })
    expect(fitPurchaseModel(bgNbd, [{ x: 2, tx: 9, T: 3 }])).toMatchObject({ reason: 'impossible-history' })
    expect(fitPurchaseModel(bgNbd, [{ x: 1, tx: Number.NaN, T: 3 }])).toMatchObject({ reason: 'impossible-history' })
  })

  test('one customer alone gives a finite answer and a warning rather than a crash', () => {
    const fit = fitPurchaseModel(bgNbd, [{ x: 3, tx: 10, T: 12 }])
    expect(fit.kind === 'fitted' && Number.isFinite(fit.logLikelihood) && fit.warnings.length > 0).toBe(true)
  })

  test('a history given twice has the same parameters and twice the log-likelihood', () => {
    const few = [
      { x: 2, tx: 30.43, T: 38.86 },
      { x: 1, tx: 1.71, T: 38.86 },
      { x: 0, tx: 0, T: 38.86 },
      { x: 0, tx: 0, T: 38.86 },
      { x: 7, tx: 29.43, T: 38.86 },
      { x: 1, tx: 5, T: 38.86 },
    ]
    const logLikelihood = (customers: typeof few) =>
      bgNbd.logLikelihood(customers.map((c) => ({ ...c, count: 1 })))([0.3, 5, 0.8, 2])
    expect(bgNbd.logLikelihood(few.map((c) => ({ ...c, count: 2 })))([0.3, 5, 0.8, 2])).toBeCloseTo(
      2 * logLikelihood(few),
      9,
    )
  })
})
