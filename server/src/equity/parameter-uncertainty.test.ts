import { expect, test } from 'vitest'
import {
  blockDiagonal,
  covarianceAtMaximum,
  invertPositiveDefinite,
  standardErrorsOf,
} from './parameter-uncertainty.ts'

test('the covariance at the maximum of a normal log-likelihood is its covariance', () => {
  // −½ (x² · 2 + 2xy · .5 + y² · 1): the inverse of [[2, .5], [.5, 1]].
  const covariance = covarianceAtMaximum(([x = 0, y = 0]) => -0.5 * (2 * x * x + x * y + y * y), [0, 0])
  expect(covariance?.[0]?.[0]).toBeCloseTo(1 / 1.75, 6)
  expect(covariance?.[0]?.[1]).toBeCloseTo(-0.5 / 1.75, 6)
  expect(covariance?.[1]?.[1]).toBeCloseTo(2 / 1.75, 6)
})

test('a direction that the data leave open gives no covariance instead of a wrong one', () => {
  expect(covarianceAtMaximum(([x = 0]) => -x * x, [0, 0])).toBeNull()
  expect(invertPositiveDefinite([[0]])).toBeNull()
})

test('figures inherit the standard error by their slope', () => {
  const covariance = blockDiagonal([[[4]], [[9]]])
  const [sum, product] = standardErrorsOf(([x = 0, y = 0]) => [x + y, 3 * x], [1, 1], covariance)
  expect(sum).toBeCloseTo(Math.sqrt(13), 9)
  expect(product).toBeCloseTo(6, 9)
})
