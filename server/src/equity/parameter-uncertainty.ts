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

/** The standard errors of several figures of the estimates at once: √(∇fᵀ Σ ∇f), slopes by central differences. */
export const standardErrorsOf = (
  figures: (point: readonly number[]) => readonly number[],
  estimates: readonly number[],
  covariance: Covariance,
  step = 1e-3,
): readonly number[] => {
  const slopes = estimates.map((_, axis) => {
    const above = figures(moved(estimates, axis, step))
    const below = figures(moved(estimates, axis, -step))
    return above.map((value, k) => (value - (below[k] ?? 0)) / (2 * step))
  })
  return (slopes[0] ?? []).map((_, k) => {
    const slope = slopes.map((each) => each[k] ?? 0)
    const along = covariance.map((row) => row.reduce((sum, v, j) => sum + v * (slope[j] ?? 0), 0))
    return Math.sqrt(
      Math.max(
        slope.reduce((sum, d, i) => sum + d * (along[i] ?? 0), 0),
        0,
      ),
    )
  })
}

/** The covariance of estimates from separate data. */
export const blockDiagonal = (blocks: readonly Covariance[]): Covariance => {
  const size = blocks.reduce((sum, block) => sum + block.length, 0)
  let before = 0
  return blocks.flatMap((block) => {
    const start = before
    before += block.length
    return block.map((row) => [...zeros(start), ...row, ...zeros(size - start - row.length)])
  })
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0)

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
  const lower: number[][] = matrix.map(() => zeros(n))
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
    const solved = zeros(n)
    for (let i = n - 1; i >= 0; i -= 1) {
      let rest = forward[i] ?? 0
      for (let k = i + 1; k < n; k += 1) rest -= at(k, i) * (solved[k] ?? 0)
      solved[i] = rest / at(i, i)
    }
    return solved
  })
  return columns
}
