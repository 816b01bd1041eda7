import { must } from '../kernel/index.ts'
import type { PurchaseModel, PurchaseModelFamily } from './purchase-model.ts'
import { distinct, type SummaryGroup } from './purchase-summary.ts'
import { growthRatio, hypergeometric, lnBeta, lnGamma, logAddExp, sumByRatio } from './special-functions.ts'

/**
 * BG/NBD: customers buy at random at their own rate (gamma, r and α) and drop out after a purchase with their own
 * probability (beta, a and b). Fader, Hardie & Lee, "Counting Your Customers the Easy Way: An Alternative to the
 * Pareto/NBD Model", Marketing Science 24 (2005) 275–284; equation numbers are theirs.
 */
export const bgNbd: PurchaseModelFamily = {
  name: 'bg-nbd',
  parameterNames: ['r', 'alpha', 'a', 'b'],
  start: (meanT) => [0.5, meanT / 3, 0.8, 2],
  logLikelihood: (groups) => bgNbdLogLikelihood(groups),
  at: ([r, alpha, a, b]) =>
    createBgNbd({
      r: must(r, 'first of four parameters'),
      alpha: must(alpha, 'second of four parameters'),
      a: must(a, 'third of four parameters'),
      b: must(b, 'fourth of four parameters'),
    }),
}

export interface BgNbdParameters {
  readonly r: number
  readonly alpha: number
  readonly a: number
  readonly b: number
}

/** Eq. (6), summed over customers: what depends on one of x, T, t_x alone is computed once per distinct value. */
const bgNbdLogLikelihood = (groups: readonly SummaryGroup[]): ((parameters: readonly number[]) => number) => {
  const xs = distinct(groups.map((g) => g.x))
  const Ts = distinct(groups.map((g) => g.T))
  const txs = distinct(groups.map((g) => g.tx))
  return ([r = 0, alpha = 0, a = 0, b = 0]) => {
    const base = r * Math.log(alpha) - lnGamma(r) - lnBeta(a, b)
    const rate = xs.values.map((x) => base + lnGamma(r + x) + lnBeta(a, b + x))
    const dropOut = xs.values.map((x) => (x > 0 ? Math.log(a / (b + x - 1)) : Number.NEGATIVE_INFINITY))
    const logT = Ts.values.map((T) => Math.log(alpha + T))
    const logTx = txs.values.map((tx) => Math.log(alpha + tx))
    let sum = 0
    groups.forEach(({ x, count }, i) => {
      const ix = xs.place[i] ?? 0
      const alive = -(r + x) * (logT[Ts.place[i] ?? 0] ?? 0)
      const gone = (dropOut[ix] ?? 0) - (r + x) * (logTx[txs.place[i] ?? 0] ?? 0)
      sum += count * ((rate[ix] ?? 0) + logAddExp(gone, alive))
    })
    return sum
  }
}

export const createBgNbd = (parameters: BgNbdParameters): PurchaseModel => {
  const { r, alpha, a, b } = parameters
  return {
    name: 'bg-nbd',
    parameters: { r, alpha, a, b },
    timeScale: alpha,

    // Fader & Hardie, "Computing P(alive) Using the BG/NBD Model" (2008); in logarithms for large x.
    pAlive: ({ x, tx, T }) =>
      x === 0 ? 1 : 1 / (1 + Math.exp(Math.log(a / (b + x - 1)) + (r + x) * Math.log((alpha + T) / (alpha + tx)))),

    // The numerator of eq. (10); eq. (9) at x = 0, T = 0.
    purchasesIfAlive: (x, T, t) => {
      if (t <= 0) return 0
      const z = t / (alpha + T + t)
      const logOneMinusZ = -Math.log1p(t / (alpha + T))
      const c = a + b + x - 1
      if (a > r + x + 1) {
        const stayed = Math.exp((r + x) * logOneMinusZ) * hypergeometric(r + x, b + x, c, z)
        return (c / (a - 1)) * (1 - stayed)
      }
      // Euler's transformation, (1−z)^{r+x} F(r+x, b+x; c; z) = (1−z)^{a−1} F(a+b−1−r, a−1; c; z), keeps large x from
      // overflowing; taking the series' first term out and dividing the rest by a−1 removes the poles at a = 1, c = 0.
      const rest = sumByRatio((a + b - 1 - r) * z, (n) => ((a + b - 1 - r + n) * (a + n - 1) * z) / ((c + n) * (n + 1)))
      return c * -growthRatio(a - 1, logOneMinusZ) - Math.exp((a - 1) * logOneMinusZ) * rest
    },
  }
}
