import type { EquityStatement, EquityWaterfallStep } from '@baton/contract'
import { useTexts } from '../texts/use-texts.ts'
import { Waterfall, type WaterfallItem } from '../ui/charts/waterfall.tsx'
import { formatMoney } from '../ui/money.ts'
import { costsLink, termLink } from './period-links.ts'
import type { Period } from './use-period.ts'

const linkOf = (key: EquityWaterfallStep['key'], period: Period): string | undefined => {
  switch (key) {
    case 'new-revenue':
      return termLink('new', period)
    case 'old-revenue':
      return termLink('old', period)
    case 'churned-revenue':
      return termLink('churned', period)
    case 'returns-only':
      return termLink('returns-only', period)
    case 'acquisition-costs':
      return costsLink('acquisition', period)
    case 'servicing-costs':
      return costsLink('servicing', period)
    default:
      return undefined
  }
}

/** Why the amount of costs is not known. */
const isWithoutRate = (key: EquityWaterfallStep['key'], statement: EquityStatement): boolean =>
  (key === 'acquisition-costs' ? statement.acquisitionCosts : statement.servicingCosts).unconverted > 0

interface StatementWaterfallProps {
  readonly statement: EquityStatement
  readonly period: Period
}

export const StatementWaterfall = ({ statement, period }: StatementWaterfallProps) => {
  const t = useTexts()
  const { currency } = statement
  const items = statement.waterfall.map((step): WaterfallItem => {
    const to = linkOf(step.key, period)
    return {
      id: step.key,
      label: t(`equity.waterfall.steps.${step.key}`),
      amount: step.kind === 'total' ? step.endMinor : step.deltaMinor,
      kind: step.kind === 'total' || step.kind === 'unknown' ? step.kind : 'change',
      ...(step.kind === 'unknown'
        ? { hint: t(isWithoutRate(step.key, statement) ? 'equity.statement.noRate' : 'equity.statement.notEntered') }
        : {}),
      ...(to === undefined ? {} : { to }),
    }
  })
  return (
    <Waterfall
      label={t('equity.waterfall.label', { from: period.firstDay, to: period.lastDay })}
      items={items}
      format={(minor) => formatMoney({ minor, currency })}
      formatShort={(minor) => formatMoney({ minor, currency }, 'short')}
      height={280}
    />
  )
}
