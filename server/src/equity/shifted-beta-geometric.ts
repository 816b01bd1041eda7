import { nelderMead } from './nelder-mead.ts'
import { logParameterBound } from './purchase-model.ts'
import { hypergeometric, lnBeta } from './special-functions.ts'

/**
 * Shifted beta-geometric: contract customers leave at a renewal with their own probability (beta, α and β), so that a
 * cohort's retention rises with age. Fader & Hardie, "How to Project Customer Retention", Journal of Interactive
 * Marketing 21 (2007) 76–90; its residual lifetimes: "Customer-Base Valuation in a Contractual Setting: The Perils of
 * Ignoring Heterogeneity", Marketing Science 29 (2010) 85–93.
 */
export interface ShiftedBetaGeometric {
  readonly alpha: number
  readonly beta: number
}

export type RetentionFit =
  | { readonly kind: 'fitted'; readonly parameters: ShiftedBetaGeometric; readonly logLikelihood: number }
  | {
      readonly kind: 'not-fitted'
      readonly reason: 'too-few-renewals' | 'survivors-grow' | 'nobody-left'
      readonly explanation: string
    }

/** Survivors after each renewal, beginning with the cohort at its start: [1000, 631, 468, …]. */
export const fitShiftedBetaGeometric = (survivors: readonly number[]): RetentionFit => {
  const [cohort = 0] = survivors
  if (survivors.length < 3 || cohort <= 0) {
    return {
      kind: 'not-fitted',
      reason: 'too-few-renewals',
      explanation: 'Two parameters need the survivors of at least two renewals',
    }
  }
  if (survivors.some((n, t) => t > 0 && n > (survivors[t - 1] ?? 0))) {
    return {
      kind: 'not-fitted',
      reason: 'survivors-grow',
      explanation: 'A cohort can only shrink: leave out who joined later',
    }
  }
  if (survivors.every((n) => n === cohort)) {
    return {
      kind: 'not-fitted',
      reason: 'nobody-left',
      explanation: 'Nobody has left yet, so nothing says how many will',
    }
  }
  const logLikelihood = cohortLogLikelihood(survivors)
  const minimum = nelderMead(
    (logs) =>
      logs.some((l) => Math.abs(l) > logParameterBound)
        ? Number.POSITIVE_INFINITY
        : -logLikelihood({ alpha: Math.exp(logs[0] ?? 0), beta: Math.exp(logs[1] ?? 0) }),
    [0, 0],
  )
  const parameters = { alpha: Math.exp(minimum.point[0] ?? 0), beta: Math.exp(minimum.point[1] ?? 0) }
  return { kind: 'fitted', parameters, logLikelihood: -minimum.value }
}

/** 2007, appendix B: Σ lost(t) · ln P(T = t) + survivors · ln S(n), with P(T = t) = B(α+1, β+t−1)/B(α, β). */
const cohortLogLikelihood =
  (survivors: readonly number[]) =>
  ({ alpha, beta }: ShiftedBetaGeometric): number => {
    const base = lnBeta(alpha, beta)
    return survivors.reduce((sum, left, t) => {
      if (t === 0) return sum
      const lost = (survivors[t - 1] ?? 0) - left
      const last = t === survivors.length - 1 ? left * (lnBeta(alpha, beta + t) - base) : 0
      return sum + lost * (lnBeta(alpha + 1, beta + t - 1) - base) + last
    }, 0)
  }

/** Probability of being a customer still after t renewals: B(α, β+t)/B(α, β). */
export const survival = ({ alpha, beta }: ShiftedBetaGeometric, t: number): number =>
  Math.exp(lnBeta(alpha, beta + t) - lnBeta(alpha, beta))

/** Probability that one who renewed t − 1 times renews once more. */
export const retentionRate = ({ alpha, beta }: ShiftedBetaGeometric, t: number): number =>
  (beta + t - 1) / (alpha + beta + t - 1)

/**
 * Discounted expected residual lifetime of a customer in her n-th period, about to decide on her n-th renewal: the
 * renewals to come, the next one counted whole, each later one discounted once more (2010: DERL of the sBG model).
 */
export const discountedResidualLifetime = (
  { alpha, beta }: ShiftedBetaGeometric,
  n: number,
  discountRate: number,
): number => retentionRate({ alpha, beta }, n) * hypergeometric(1, beta + n, alpha + beta + n, 1 / (1 + discountRate))

/** Discounted expected lifetime of a customer not yet won, her first period counted whole. */
export const discountedLifetime = ({ alpha, beta }: ShiftedBetaGeometric, discountRate: number): number =>
  hypergeometric(1, beta, alpha + beta, 1 / (1 + discountRate))
