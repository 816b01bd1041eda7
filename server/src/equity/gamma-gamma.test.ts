import fc from 'fast-check'
import { expect, test } from 'vitest'
import { correlation, expectedSpend, fitGammaGamma, gammaGammaLogLikelihood } from './gamma-gamma.ts'

const published = { p: 6.25, q: 3.74, gamma: 15.44 }

test('a customer of whom nothing is known is expected to spend the mean of the population', () => {
  expect(expectedSpend(published, { x: 0, meanSpend: 0 })).toBeCloseTo((6.25 * 15.44) / 2.74, 10)
})

test('what is expected lies between the population and her own mean, nearer to hers the more she bought', () => {
  const population = expectedSpend(published, { x: 0, meanSpend: 0 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 1, max: 500, noNaN: true }), (x, meanSpend) => {
      const distance = (n: number) => Math.abs(expectedSpend(published, { x: n, meanSpend }) - meanSpend)
      expect(distance(x)).toBeLessThanOrEqual(Math.abs(population - meanSpend) + 1e-9)
      expect(distance(x + 1)).toBeLessThanOrEqual(distance(x) + 1e-9)
    }),
  )
})

test('the density of one purchase integrates to one', () => {
  const density = (z: number) => Math.exp(gammaGammaLogLikelihood([{ x: 1, meanSpend: z }])(published))
  let sum = 0
  for (let i = 0; i < 20_000; i += 1) sum += density(0.05 + i * 0.1) * 0.1
  expect(sum).toBeCloseTo(1, 3)
})

test('the currency does not matter: cents give a hundred times gamma and the same p and q', () => {
  const spends = [12, 35, 20, 48, 77, 15, 9, 60, 33, 25].map((meanSpend, i) => ({ x: 1 + (i % 4), meanSpend }))
  const euros = fitGammaGamma(spends)
  const cents = fitGammaGamma(spends.map((s) => ({ ...s, meanSpend: s.meanSpend * 100 })))
  if (euros.kind !== 'fitted' || cents.kind !== 'fitted') throw new Error('both fit')
  expect(cents.parameters.p).toBeCloseTo(euros.parameters.p, 6)
  expect(cents.parameters.gamma / euros.parameters.gamma).toBeCloseTo(100, 4)
})

test('repeat purchases worth nothing are left out and counted; without any value the fit says so', () => {
  const fit = fitGammaGamma([
    { x: 1, meanSpend: 10 },
    { x: 2, meanSpend: 0 },
    { x: 3, meanSpend: 25 },
    { x: 1, meanSpend: 14 },
  ])
  expect(fit).toMatchObject({ kind: 'fitted', customers: 3, withoutSpend: 1 })
  expect(fitGammaGamma([{ x: 2, meanSpend: 0 }])).toMatchObject({ kind: 'not-fitted', reason: 'no-repeat-spend' })
})

test('correlation is ±1 on a line and unknown where nothing varies', () => {
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12)
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12)
  expect(correlation([1, 1], [2, 3])).toBeNull()
})
