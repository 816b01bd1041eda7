/**
 * How well the data fix the parameters. Near its maximum a log-likelihood is a parabola whose curvature (the negative
 * Hessian) is the inverse covariance of the estimates (Fisher information). What depends on the parameters inherits
 * their uncertainty by its slope: the delta method.
 */
export type Covariance = readonly (readonly number[])[]

/** The covariance of the estimates at a maximum; null where the data leave some direction open (flat or rising). */
export const covarianceAtMaximum = (
  logLikelihood: (point: readonly number[]) => number,
  maximum: readonly number[],
  step = 1e-3,
): Covariance | null =>
  invertPositiveDefinite(
    maximum.map((_, i) => maximum.map((_, j) => -secondDifference(logLikelihood, maximum, i, j, step))),
  )

/** The standard error of f(estimates): √(∇fᵀ Σ ∇f), the slope by central differences. */
export const standardErrorOf = (
  f: (point: readonly number[]) => number,
  estimates: readonly number[],
  covariance: Covariance,
  step = 1e-3,
): number => {
  const slope = estimates.map((_, i) => (f(moved(estimates, i, step)) - f(moved(estimates, i, -step))) / (2 * step))
  const variance = slope.reduce(
    (sum, di, i) => sum + slope.reduce((inner, dj, j) => inner + di * dj * (covariance[i]?.[j] ?? 0), 0),
    0,
  )
  return Math.sqrt(Math.max(variance, 0))
}

const moved = (point: readonly number[], axis: number, by: number): number[] =>
  point.map((x, i) => (i === axis ? x + by : x))

const secondDifference = (
  f: (point: readonly number[]) => number,
  at: readonly number[],
  i: number,
  j: number,
  h: number,
): number =>
  i === j
    ? (f(moved(at, i, h)) - 2 * f(at) + f(moved(at, i, -h))) / (h * h)
    : (f(moved(moved(at, i, h), j, h)) -
        f(moved(moved(at, i, h), j, -h)) -
        f(moved(moved(at, i, -h), j, h)) +
        f(moved(moved(at, i, -h), j, -h))) /
      (4 * h * h)

/** By Cholesky's decomposition, which fails exactly where the matrix is not positive definite. */
export const invertPositiveDefinite = (matrix: Covariance): Covariance | null => {
  const n = matrix.length
  const lower: number[][] = matrix.map(() => new Array<number>(n).fill(0))
  const at = (i: number, j: number): number => lower[i]?.[j] ?? 0
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i]?.[j] ?? 0
      for (let k = 0; k < j; k += 1) rest -= at(i, k) * at(j, k)
      const row = lower[i]
      if (!row) return null
      if (i === j) {
        if (!(rest > 0)) return null
        row[j] = Math.sqrt(rest)
      } else row[j] = rest / at(j, j)
    }
  }
  const columns = matrix.map((_, column) => {
    const forward: number[] = []
    for (let i = 0; i < n; i += 1) {
      let rest = i === column ? 1 : 0
      for (let k = 0; k < i; k += 1) rest -= at(i, k) * (forward[k] ?? 0)
      forward.push(rest / at(i, i))
    }
    const solved = new Array<number>(n).fill(0)
    for (let i = n - 1; i >= 0; i -= 1) {
      let rest = forward[i] ?? 0
      for (let k = i + 1; k < n; k += 1) rest -= at(k, i) * (solved[k] ?? 0)
      solved[i] = rest / at(i, i)
    }
    return solved
  })
  return columns
}
