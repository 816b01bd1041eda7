import { nelderMead } from './nelder-mead.ts'
import { type FitRefusal, type FitWarning, logParameterBound } from './purchase-model.ts'
import { lnGamma } from './special-functions.ts'

/**
 * Gamma-Gamma: what a customer spends at a purchase varies around her own mean, and the means vary between customers.
 * Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (2013); Fader, Hardie & Lee, "RFM and CLV: Using Iso-Value
 * Curves for Customer Base Analysis", Journal of Marketing Research 42 (2005) 415–430. It supposes that how much does
 * not depend on how often: see `frequencyCorrelation` of the fit.
 */
export interface GammaGammaParameters {
  readonly p: number
  readonly q: number
  readonly gamma: number
}

/** A customer's mean spend over her `x` repeat purchases; the first one is left out, as in the papers. */
export interface RepeatSpend {
  readonly x: number
  readonly meanSpend: number
}

export type SpendFit =
  | {
      readonly kind: 'fitted'
      readonly parameters: GammaGammaParameters
      readonly logLikelihood: number
      /** Customers with a repeat purchase and a mean above 0: the model has no room for a mean of 0. */
      readonly customers: number
      /** Left out, because their repeat purchases were worth nothing on the whole. */
      readonly withoutSpend: number
      /** Correlation of number and mean value of purchases; far from 0 the model's supposition fails. */
      readonly frequencyCorrelation: number | null
      readonly evaluations: number
      readonly warnings: readonly FitWarning[]
    }
  | { readonly kind: 'not-fitted'; readonly reason: FitRefusal; readonly explanation: string }

/**
 * The log-likelihood of mean spends as a function of the parameters: the density of z̄ over x purchases (2013 note,
 * "The Gamma-Gamma model": f(z̄ | p, q, γ; x)). What depends on x alone is computed once per x; what is left is one
 * logarithm a customer.
 */
export const gammaGammaLogLikelihood = (
  customers: readonly RepeatSpend[],
): ((parameters: GammaGammaParameters) => number) => {
  const byX = Map.groupBy(customers, (c) => c.x)
  const groups = [...byX].map(([x, those]) => ({
    x,
    count: those.length,
    sumOfLogs: those.reduce((sum, c) => sum + Math.log(c.meanSpend), 0),
    totals: Float64Array.from(those, (c) => x * c.meanSpend),
  }))
  return ({ p, q, gamma }) => {
    const base = q * Math.log(gamma) - lnGamma(q)
    return groups.reduce((sum, { x, count, sumOfLogs, totals }) => {
      const px = p * x
      const each = base + lnGamma(px + q) - lnGamma(px) + px * Math.log(x)
      const logs = totals.reduce((inner, total) => inner + Math.log(gamma + total), 0)
      return sum + count * each + (px - 1) * sumOfLogs - (px + q) * logs
    }, 0)
  }
}

/** The search's coordinates: any three real numbers give parameters, with q above 1, where the mean exists. */
export const gammaGammaAt = ([p = 0, q = 0, gamma = 0]: readonly number[]): GammaGammaParameters => ({
  p: Math.exp(p),
  q: 1 + Math.exp(q),
  gamma: Math.exp(gamma),
})

export const gammaGammaCoordinates = ({ p, q, gamma }: GammaGammaParameters): readonly number[] => [
  Math.log(p),
  Math.log(q - 1),
  Math.log(gamma),
]

/** The parameters under which these spends are most likely. */
export const fitGammaGamma = (spends: readonly RepeatSpend[]): SpendFit => {
  const repeat = spends.filter((s) => s.x > 0)
  const spending = repeat.filter((s) => s.meanSpend > 0)
  if (spending.length === 0) {
    return {
      kind: 'not-fitted',
      reason: 'no-repeat-spend',
      explanation: 'No customer has a repeat purchase with a value above 0: check the value column',
    }
  }
  const meanSpend = spending.reduce((sum, s) => sum + s.meanSpend, 0) / spending.length
  // In units of the mean the search takes the same way whatever the currency.
  const scaled = spending.map((s) => ({ x: s.x, meanSpend: s.meanSpend / meanSpend }))
  const logLikelihood = gammaGammaLogLikelihood(scaled)
  const minimum = nelderMead(
    (logs) =>
      logs.some((l) => Math.abs(l) > logParameterBound) ? Number.POSITIVE_INFINITY : -logLikelihood(gammaGammaAt(logs)),
    [Math.log(4), Math.log(2.5), Math.log(0.6)],
  )
  const found = gammaGammaAt(minimum.point)
  const parameters = { ...found, gamma: found.gamma * meanSpend }
  const warnings: FitWarning[] = []
  if (!minimum.converged) warnings.push('not-converged')
  if (minimum.point.some((l) => Math.abs(l) > logParameterBound - 0.1)) warnings.push('parameter-at-its-bound')
  return {
    kind: 'fitted',
    parameters,
    logLikelihood: gammaGammaLogLikelihood(spending)(parameters),
    customers: spending.length,
    withoutSpend: repeat.length - spending.length,
    frequencyCorrelation: correlation(
      spending.map((s) => s.x),
      spending.map((s) => s.meanSpend),
    ),
    evaluations: minimum.evaluations,
    warnings,
  }
}

/** Spend expected at a customer's next purchase: between the population's mean (x = 0) and her own (2013 note: E(Z | p, q, γ; z̄, x)). */
export const expectedSpend = ({ p, q, gamma }: GammaGammaParameters, { x, meanSpend }: RepeatSpend): number =>
  (p * (gamma + x * meanSpend)) / (p * x + q - 1)

/** Pearson's correlation; null where one side does not vary. */
export const correlation = (xs: readonly number[], ys: readonly number[]): number | null => {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length
  const mx = mean(xs)
  const my = mean(ys)
  let xy = 0
  let xx = 0
  let yy = 0
  xs.forEach((x, i) => {
    const dx = x - mx
    const dy = (ys[i] ?? 0) - my
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  })
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null
}
