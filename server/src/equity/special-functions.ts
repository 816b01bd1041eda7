/**
 * The few special functions that the equity models need, to about 15 digits. Own, because jstat's log-gamma has 10
 * digits, which is too few once log-likelihoods of 100,000 customers are differenced twice for a Hessian.
 */

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const
const halfLogTwoPi = 0.9189385332046728

/** ln Γ(z) for z > 0. Lanczos approximation with g = 7, n = 9 (Press et al., Numerical Recipes §6.1; Godfrey 2001). */
export const lnGamma = (z: number): number => {
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - lnGamma(1 - z)
  let series: number = lanczos[0]
  for (let i = 1; i < 9; i += 1) series += (lanczos[i] ?? 0) / (z - 1 + i)
  const t = z + 6.5
  return halfLogTwoPi + (z - 0.5) * Math.log(t) - t + Math.log(series)
}

/** ln B(a, b) for a, b > 0. */
export const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b)

/** ln(e^u + e^v) without overflow. */
export const logAddExp = (u: number, v: number): number => {
  if (u === Number.NEGATIVE_INFINITY) return v
  return u > v ? u + Math.log1p(Math.exp(v - u)) : v + Math.log1p(Math.exp(u - v))
}

/** ln(e^u − e^v) for u ≥ v; −∞ where they are equal. */
export const logSubtractExp = (u: number, v: number): number =>
  u <= v ? Number.NEGATIVE_INFINITY : u + Math.log(-Math.expm1(v - u))

/** (e^{k·y} − 1) / k, which is y at k = 0: the models' removable singularities (a = 1, s = 1) are of this shape. */
export const growthRatio = (k: number, y: number): number => (Math.abs(k) < 1e-12 ? y : Math.expm1(k * y) / k)

/**
 * The sum term + term·ratio(1) + term·ratio(1)·ratio(2) + … until it stands still. Hypergeometric series are summed so.
 * Throws after a million terms: the argument is then so near 1 that no caller here can mean it.
 */
export const sumByRatio = (first: number, ratio: (n: number) => number): number => {
  let term = first
  let sum = first
  for (let n = 1; n < 1_000_000; n += 1) {
    const step = ratio(n)
    term *= step
    sum += term
    if (term === 0 || (Math.abs(step) < 1 && Math.abs(term) < 1e-15 * Math.abs(sum) * (1 - Math.abs(step)))) return sum
  }
  throw new RangeError('A hypergeometric series did not converge: its argument is too close to 1')
}

/** Gauss's ₂F₁(a, b; c; z) for 0 ≤ z < 1 by its series (Abramowitz & Stegun 15.1.1). */
export const hypergeometric = (a: number, b: number, c: number, z: number): number =>
  sumByRatio(1, (n) => (((a + n - 1) * (b + n - 1)) / ((c + n - 1) * n)) * z)

/** Nodes and weights of the 16-point Gauss–Legendre rule on [−1, 1] (Abramowitz & Stegun 25.4.30), half of them. */
const gaussLegendre = [
  [0.0950125098376374, 0.1894506104550685],
  [0.2816035507792589, 0.1826034150449236],
  [0.4580167776572274, 0.1691565193950025],
  [0.6178762444026438, 0.1495959888165767],
  [0.755404408355003, 0.1246289712555339],
  [0.8656312023878318, 0.0951585116824928],
  [0.9445750230732326, 0.0622535239386479],
  [0.9894009349916499, 0.0271524594117541],
] as const

/** ∫ f from `from` to `to`, exact for polynomials up to degree 31. */
export const integrate = (f: (x: number) => number, from: number, to: number): number => {
  const middle = (from + to) / 2
  const half = (to - from) / 2
  return half * gaussLegendre.reduce((sum, [x, w]) => sum + w * (f(middle - half * x) + f(middle + half * x)), 0)
}
