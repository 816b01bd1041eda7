import type { EquityTerm } from '@baton/contract'
import type { Period } from './use-period.ts'

/** The same statement with the people behind a term open. */
export const termLink = (term: EquityTerm, period: Period): string =>
  `/equity?from=${period.firstDay}&to=${period.lastDay}&term=${term}`

/** The costs of a kind in the same period. */
export const costsLink = (kind: 'acquisition' | 'servicing', period: Period): string =>
  `/costs?from=${period.firstDay}&to=${period.lastDay}&kind=${kind}`
