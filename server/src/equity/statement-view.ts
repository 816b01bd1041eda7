import type { EquityStatement } from '@baton/contract'
import type { StatementFigures } from './compute-statement.ts'
import type { Period } from './customer-facts.ts'
import type { EquityFacts } from './equity-facts-store.ts'
import type { Leaving } from './order-columns.ts'
import type { CostTerm } from './period-statement.ts'

/** A period's figures as the API tells them. */
export const viewStatement = (
  figures: StatementFigures,
  about: {
    readonly period: Period
    readonly facts: EquityFacts
    readonly leaving: Leaving
  },
): EquityStatement => {
  const { position, orders } = about.facts
  return {
    ...about.period,
    ...figures,
    guests: { ...figures.guests },
    acquisitionCosts: viewCosts(figures.acquisitionCosts),
    servicingCosts: viewCosts(figures.servicingCosts),
    waterfall: [...figures.waterfall],
    unconverted: [...figures.unconverted],
    churn: churnOf(about.leaving),
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

const churnOf = (leaving: Leaving): EquityStatement['churn'] => {
  if (leaving.kind === 'unknown') return unknownChurn
  return { kind: 'known', lostAfterDays: leaving.kind === 'days' ? leaving.lostAfterDays : null }
}

const unknownChurn = {
  kind: 'needs-life-cycle',
  sentence:
    'Who left is told by the life cycle, which is not there to be asked: nobody counts as churned, because nobody could say, not because nobody left.',
} as const
