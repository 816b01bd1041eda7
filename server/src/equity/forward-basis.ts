import type { EquitySettings } from '@baton/contract'

/** What a forward figure rests on besides orders: on another basis it is another figure. */
export interface ForwardBasis {
  readonly settings: EquitySettings
  readonly currency: string
  readonly timeZone: string
  /** Marks of the acquisition costs, and of the rates into the currency, of days up to that of the figure. */
  readonly costs: string
  readonly rates: string
}

export const isSameBasis = (a: ForwardBasis, b: ForwardBasis): boolean =>
  a.costs === b.costs && differencesOf(a, b).length === 0

export type BasisDifference = 'settings' | 'currency' | 'time-zone' | 'rates'

/**
 * Why the values of persons in two figures are not alike, so that what is between them did not move. Both with marks of
 * the earlier one's day. Costs are not among it: they are a part of what customers to come are worth.
 */
export const differencesOf = (a: ForwardBasis, b: ForwardBasis): readonly BasisDifference[] => {
  const differs: Record<BasisDifference, boolean> = {
    settings: !isSameSettings(a.settings, b.settings),
    currency: a.currency !== b.currency,
    'time-zone': a.timeZone !== b.timeZone,
    rates: a.currency === b.currency && a.rates !== b.rates,
  }
  return (['settings', 'currency', 'time-zone', 'rates'] as const).filter((key) => differs[key])
}

const isSameSettings = (a: EquitySettings, b: EquitySettings): boolean =>
  a.model === b.model &&
  a.margin === b.margin &&
  a.annualDiscountRate === b.annualDiscountRate &&
  a.horizonYears === b.horizonYears
