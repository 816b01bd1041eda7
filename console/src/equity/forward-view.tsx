import { type EquityFigure, type ForwardEquityView, forwardEquity } from '@baton/contract'
import { Alert, Button, Grid, Group, List, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconChartBar from '@tabler/icons-react/dist/esm/icons/IconChartBar.mjs'
import { api } from '../api/api.ts'
import { useAction } from '../api/use-action.ts'
import { useApi } from '../api/use-api.ts'
import { type Texts, useTexts } from '../texts/use-texts.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatMoney } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { formatDecimal } from '../ui/numbers.ts'
import { Stat } from '../ui/stat.tsx'
import { When } from '../ui/when.tsx'
import { AssumptionsPanel } from './assumptions-panel.tsx'
import { ForwardChange } from './forward-change.tsx'
import { Unconverted } from './unconverted.tsx'

type Computed = Extract<ForwardEquityView, { kind: 'computed' }>

export const ForwardView = () => {
  const t = useTexts()
  const answer = useApi('/v1/equity/forward', forwardEquity, { refetchMs: 30_000 })
  if (answer.data === undefined) {
    if (answer.error !== null) return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
    return <Skeleton height={360} role="status" aria-label={t('ui.loading')} />
  }
  const figure = answer.data
  return (
    <Stack gap="md">
      <Standing figure={figure} />
      <Unconverted amounts={figure.unconverted} />
      {figure.kind === 'not-computed' ? (
        <EmptyState icon={IconChartBar} title={t('equity.forward.notComputed')} lead={figure.explanation} />
      ) : (
        <Figures figure={figure} />
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          {figure.kind === 'computed' ? <ForwardChange figure={figure} /> : null}
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <AssumptionsPanel figure={figure} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

const Standing = ({ figure }: { readonly figure: ForwardEquityView }) => {
  const t = useTexts()
  const again = useAction({
    run: () => api.get('/v1/equity/forward', forwardEquity, { query: { fresh: true } }),
    refreshes: ['/v1/equity/forward', '/v1/home'],
  })
  return (
    <Group justify="space-between" gap="xs">
      <Text c="dimmed" size="xs">
        {t('equity.forward.asOf')} <When at={figure.asOf} />, {t('equity.forward.computed')}{' '}
        <When at={figure.computedAt} />. {figure.isCurrent ? null : t('equity.forward.notCurrent')}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => again.mutate()} loading={again.isPending}>
        {t('equity.forward.again')}
      </Button>
    </Group>
  )
}

const intervalOf = (t: Texts, figure: EquityFigure, currency: string): string =>
  figure.interval === null
    ? t('equity.forward.noInterval')
    : t('equity.forward.interval', {
        low: formatMoney({ minor: figure.interval[0], currency }, 'short'),
        high: formatMoney({ minor: figure.interval[1], currency }, 'short'),
      })

const Figures = ({ figure }: { readonly figure: Computed }) => {
  const t = useTexts()
  const { currency } = figure
  const money = (minor: number) => ({ minor, currency })
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        <Stat
          label={t('equity.forward.total')}
          value={<MoneyText value={money(figure.total.minor)} format="short" />}
          hint={
            <>
              <div>{intervalOf(t, figure.total, currency)}</div>
              {t(`equity.forward.of.${figure.of}`, { years: formatDecimal(figure.assumptions.horizonYears, 1) })}
            </>
          }
        />
        <Stat
          label={t('equity.forward.current')}
          value={<MoneyText value={money(figure.current.minor)} format="short" />}
          hint={
            <>
              <div>{intervalOf(t, figure.current, currency)}</div>
              {t('equity.forward.customers', { count: figure.customers })}
            </>
          }
        />
        <Stat
          label={t('equity.forward.future')}
          value={<MoneyText value={money(figure.future.minor)} format="short" />}
          hint={
            <>
              <div>{intervalOf(t, figure.future, currency)}</div>
              {t('equity.forward.perYear', {
                count: formatDecimal(figure.future.customersPerYear, 0),
                value: formatMoney(money(figure.future.valuePerCustomerMinor)),
              })}
              , {t(figure.future.kind === 'net-of-acquisition-costs' ? 'equity.forward.net' : 'equity.forward.gross')}
            </>
          }
        />
      </SimpleGrid>
      <Warnings figure={figure} />
    </>
  )
}

const Warnings = ({ figure }: { readonly figure: Computed }) => {
  const t = useTexts()
  const said = [
    ...(figure.of === 'revenue' ? [t('equity.forward.noMargin')] : []),
    ...figure.warnings.map((warning) => t.code('equity.forward.warnings', warning)),
  ]
  if (said.length === 0) return null
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t('equity.forward.warnings.title')}>
      <List size="sm">
        {said.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
