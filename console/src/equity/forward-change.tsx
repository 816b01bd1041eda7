import type { ForwardEquityView } from '@baton/contract'
import { Text } from '@mantine/core'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Waterfall, type WaterfallItem } from '../ui/charts/waterfall.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { formatMoney } from '../ui/money.ts'
import { Panel } from '../ui/panel.tsx'
import { dateOnly } from '../ui/relative-time.ts'

/** From the last figure of an earlier day to this one, by what moved it. */
export const ForwardChange = ({ figure }: { readonly figure: Extract<ForwardEquityView, { kind: 'computed' }> }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const { change, unlike, currency } = figure
  if (change === null) {
    return (
      <Panel title={t('equity.forward.change.title')}>
        <EmptyLine>
          {unlike === null
            ? t('equity.forward.change.none')
            : t('equity.forward.change.unlike', {
                since: dateOnly(unlike.since.asOf, workspace.timeZone),
                what: unlike.differs.map((one) => t(`equity.forward.change.differs.${one}`)).join(', '),
              })}
        </EmptyLine>
      </Panel>
    )
  }
  const since = dateOnly(change.since.asOf, workspace.timeZone)
  const items: readonly WaterfallItem[] = [
    { id: 'before', label: t('equity.forward.change.before'), kind: 'total', amount: change.fromMinor },
    ...change.parts.map(
      (part): WaterfallItem => ({
        id: part.key,
        label: t(`equity.forward.change.${part.key}`),
        kind: 'change',
        amount: part.minor,
        ...(part.key === 'future-customers' ? {} : { hint: t('equity.forward.change.heads', { count: part.heads }) }),
      }),
    ),
    { id: 'now', label: t('equity.forward.change.now'), kind: 'total', amount: change.toMinor },
  ]
  return (
    <Panel title={t('equity.forward.change.title')}>
      <Text size="xs" c="dimmed" mb="xs">
        {t('equity.forward.change.since')} {since}
      </Text>
      <Waterfall
        label={t('equity.forward.change.label', { since })}
        items={items}
        format={(minor) => formatMoney({ minor, currency })}
        formatShort={(minor) => formatMoney({ minor, currency }, 'short')}
        height={260}
      />
    </Panel>
  )
}
