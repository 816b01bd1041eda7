import { expect, test } from 'vitest'
import { nelderMead } from './nelder-mead.ts'

test("the simplex finds the bottom of Rosenbrock's valley", () => {
  const found = nelderMead(([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, [-1.2, 1])
  expect(found.converged).toBe(true)
  expect(found.point[0]).toBeCloseTo(1, 5)
  expect(found.point[1]).toBeCloseTo(1, 5)
})

test('places without a value are walked around', () => {
  const found = nelderMead(([x = 0]) => (x < 0 ? Number.NaN : (x - 0.01) ** 2), [3])
  expect(found.point[0]).toBeCloseTo(0.01, 4)
})

test('a search that may not go on says that it has not converged', () => {
  expect(nelderMead(([x = 0, y = 0]) => x * x + y * y, [50, 50], { maxEvaluations: 12 }).converged).toBe(false)
})
