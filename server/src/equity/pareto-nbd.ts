import { must } from '../kernel/index.ts'
import type { PurchaseModel, PurchaseModelFamily } from './purchase-model.ts'
import type { PurchaseSummary } from './purchase-summary.ts'
import { growthRatio, hypergeometric, integrate, lnGamma, logAddExp, logSubtractExp } from './special-functions.ts'

/**
 * Pareto/NBD: customers buy at random at their own rate (gamma, r and α) and drop out at any time at their own rate
 * (gamma, s and β). Schmittlein, Morrison & Colombo, Management Science 33 (1987) 1–24, in the form of Fader & Hardie,
 * "A Note on Deriving the Pareto/NBD Model and Related Expressions" (2005); sections are of that note.
 */
export const paretoNbd: PurchaseModelFamily = {
  name: 'pareto-nbd',
  parameterNames: ['r', 'alpha', 's', 'beta'],
  start: (meanT) => [0.5, meanT / 3, 0.6, meanT / 3],
  logLikelihood:
    (groups) =>
    ([r = 0, alpha = 0, s = 0, beta = 0]) => {
      const parameters = { r, alpha, s, beta }
      const base = r * Math.log(alpha) + s * Math.log(beta) - lnGamma(r)
      return groups.reduce((sum, g) => {
        // Section 3: still alive at T, or gone at some time between t_x and T.
        const likelihood = logAddExp(logAlive(parameters, g), logGone(parameters, g))
        return sum + g.count * (base + lnGamma(r + g.x) + likelihood)
      }, 0)
    },
  at: ([r, alpha, s, beta]) =>
    createParetoNbd({
      r: must(r, 'first of four parameters'),
      alpha: must(alpha, 'second of four parameters'),
      s: must(s, 'third of four parameters'),
      beta: must(beta, 'fourth of four parameters'),
    }),
}

export interface ParetoNbdParameters {
  readonly r: number
  readonly alpha: number
  readonly s: number
  readonly beta: number
}

const logAlive = ({ r, alpha, s, beta }: ParetoNbdParameters, { x, T }: PurchaseSummary): number =>
  -(r + x) * Math.log(alpha + T) - s * Math.log(beta + T)

/** Above it the series takes a thousand terms and more, and at 1 it does not end: where α and β are far apart. */
const mostInSeries = 0.95

const logGone = (parameters: ParetoNbdParameters, customer: PurchaseSummary): number => {
  const { alpha, beta } = parameters
  const z = Math.abs(alpha - beta) / (Math.max(alpha, beta) + customer.tx)
  return z <= mostInSeries ? logGoneBySeries(parameters, customer) : logGoneByIntegral(parameters, customer)
}

export const logGoneBySeries = (parameters: ParetoNbdParameters, { x, tx, T }: PurchaseSummary): number => {
  const { r, s } = parameters
  const difference = logSubtractExp(logTail(parameters, x, tx), logTail(parameters, x, T))
  return Math.log(s / (r + s + x)) + difference
}

/**
 * The same as what it is the closed form of, s ∫ (α+τ)^−(r+x) (β+τ)^−(s+1) dτ over τ from t_x to T: some hundred
 * evaluations at most, whatever the parameters. Over v = ln(min(α, β) + τ) the integrand has one peak, from which its
 * logarithm falls ever faster to both sides (its second derivative is nowhere positive), and no singularity nearer than π.
 */
export const logGoneByIntegral = (
  { r, alpha, s, beta }: ParetoNbdParameters,
  { x, tx, T }: PurchaseSummary,
): number => {
  const [a, b] = [r + x, s + 1]
  // Where the logarithm's derivative is 0; only who never bought again (x = 0) may have that after t_x.
  const zero = alpha < beta && a < 1 ? ((1 - a) * beta - b * alpha) / (b + a - 1) : tx
  const peak = Math.min(Math.max(zero, tx), T)
  const [atPeak, alphaAtPeak, betaAtPeak] = [Math.min(alpha, beta) + peak, alpha + peak, beta + peak]
  /** By how much the logarithm has fallen at this distance from the peak, in v. */
  const fallAt = (distance: number): number => {
    const later = atPeak * Math.expm1(distance)
    return a * Math.log1p(later / alphaAtPeak) + b * Math.log1p(later / betaAtPeak) - distance
  }
  const before = integrateFromPeak(fallAt, Math.log1p((tx - peak) / atPeak))
  const after = integrateFromPeak(fallAt, Math.log1p((T - peak) / atPeak))
  const scale = Math.log(s) + Math.log(atPeak) - a * Math.log(alphaAtPeak) - b * Math.log(betaAtPeak)
  return scale + Math.log(before + after)
}

/** e^−40 is nothing beside 1. */
const farEnough = 40
const mostPanels = 8

/** ∫ e^−fallAt between the peak and `to`, on whichever side it is; what is far below the peak is left out. */
const integrateFromPeak = (fallAt: (distance: number) => number, to: number): number => {
  let end = to
  while (fallAt(end / 2) > farEnough) end /= 2
  const needed = Math.max(Math.abs(end) / 2.5, fallAt(end) / 10)
  const panels = Math.min(mostPanels, Math.max(1, Math.ceil(needed)))
  let sum = 0
  for (let panel = 0; panel < panels; panel += 1)
    sum += integrate((v) => Math.exp(-fallAt(v)), (end * panel) / panels, (end * (panel + 1)) / panels)
  return Math.abs(sum)
}

/**
 * One of the two terms of A₀ (section 3) after Euler's transformation, whose series converges where the original hardly
 * does (α and β far apart).
 */
const logTail = ({ r, alpha, s, beta }: ParetoNbdParameters, x: number, t: number): number => {
  const total = r + s + x
  return alpha >= beta
    ? -(r + x) * Math.log(alpha + t) -
        s * Math.log(beta + t) +
        Math.log(hypergeometric(1, r + x, total + 1, (alpha - beta) / (alpha + t)))
    : (1 - r - x) * Math.log(alpha + t) -
        (s + 1) * Math.log(beta + t) +
        Math.log(hypergeometric(1, s + 1, total + 1, (beta - alpha) / (beta + t)))
}

export const createParetoNbd = (parameters: ParetoNbdParameters): PurchaseModel => {
  const { r, alpha, s, beta } = parameters
  return {
    name: 'pareto-nbd',
    parameters: { r, alpha, s, beta },
    timeScale: Math.min(alpha, beta),
    // Section 5.
    pAlive: (customer) => 1 / (1 + Math.exp(logGone(parameters, customer) - logAlive(parameters, customer))),
    // Section 6 without P(alive); the mean of section 4 at x = 0, T = 0.
    purchasesIfAlive: (x, T, t) =>
      (((r + x) * (beta + T)) / (alpha + T)) * -growthRatio(s - 1, -Math.log1p(Math.max(t, 0) / (beta + T))),
  }
}
