import type { EquityStatement } from '@baton/contract'
import type { StatementFigures } from './compute-statement.ts'
import { createConverter, type ExchangeRates } from './currency-conversion.ts'
import type { Period } from './customer-facts.ts'
import type { EquityFacts } from './equity-facts-store.ts'
import type { CostTerm } from './period-statement.ts'

/** A period's figures as the API tells them. */
export const viewStatement = (
  figures: StatementFigures,
  about: {
    readonly period: Period
    readonly facts: EquityFacts
    readonly rates: ExchangeRates
    readonly isChurnKnown: boolean
  },
): EquityStatement => {
  const { guests, position, orders } = about.facts
  const { convert } = createConverter(about.rates)
  return {
    ...about.period,
    ...figures,
    guests: {
      orders: guests.reduce((sum, row) => sum + row.orders, 0),
      revenueMinor: guests.reduce((sum, row) => sum + (convert(row.netMinor, row) ?? 0), 0),
    },
    acquisitionCosts: viewCosts(figures.acquisitionCosts),
    servicingCosts: viewCosts(figures.servicingCosts),
    waterfall: [...figures.waterfall],
    unconverted: [...figures.unconverted],
    churn: about.isChurnKnown ? { kind: 'known' } : unknownChurn,
    position: Math.max(position.live, position.bulk),
    orders: orders.at.length,
  }
}

const viewCosts = (term: CostTerm) => ({
  ...term,
  byPhase: { ...term.byPhase },
  byChannel: { ...term.byChannel },
  byPartner: { ...term.byPartner },
})

const unknownChurn = {
  kind: 'needs-life-cycle',
  sentence:
    'Who left is told by the life cycle, which has not been computed here yet: nobody counts as churned, because nobody could say, not because nobody left.',
} as const
