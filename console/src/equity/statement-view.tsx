import { type EquityStatement, equityStatement, equityTerm } from '@baton/contract'
import { Alert, Anchor, Button, Grid, Group, Skeleton, Stack, Text } from '@mantine/core'
import IconChartBar from '@tabler/icons-react/dist/esm/icons/IconChartBar.mjs'
import IconInfoCircle from '@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs'
import { Link } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { MoneyText } from '../ui/money-text.tsx'
import { Panel } from '../ui/panel.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { BalanceTable } from './balance-table.tsx'
import { PeriodChooser } from './period-chooser.tsx'
import { StatementTable } from './statement-table.tsx'
import { StatementWaterfall } from './statement-waterfall.tsx'
import { TermDrawer } from './term-drawer.tsx'
import { Unconverted } from './unconverted.tsx'
import { type Period, usePeriod } from './use-period.ts'

const noTerm = { term: '' }

export const StatementView = () => {
  const t = useTexts()
  const period = usePeriod()
  const { values, set } = useUrlFilters(noTerm)
  const term = equityTerm.safeParse(values.term)
  return (
    <Stack gap="md">
      <PeriodChooser period={period} />
      {period.isOrdered ? <Statement period={period} /> : <EmptyLine>{t('equity.period.order')}</EmptyLine>}
      <TermDrawer term={term.data ?? null} period={period} onClose={() => set({ term: '' })} />
    </Stack>
  )
}

const Statement = ({ period }: { readonly period: Period }) => {
  const t = useTexts()
  const answer = useApi('/v1/equity/statement', equityStatement, { query: period.query, keep: true, refetchMs: 30_000 })
  if (answer.data === undefined) {
    if (answer.error !== null) return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
    return <Skeleton height={420} role="status" aria-label={t('ui.loading')} />
  }
  const statement = answer.data
  if (isBlank(statement)) return <Blank />
  return (
    <>
      <Headline statement={statement} />
      <Costless statement={statement} />
      <Unconverted amounts={statement.unconverted} />
      <Panel title={t('equity.waterfall.title')}>
        <StatementWaterfall statement={statement} period={period} />
      </Panel>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Panel title={t('equity.statement.title')} h="100%">
            <StatementTable statement={statement} period={period} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Panel title={t('equity.balance.title')} h="100%">
            <BalanceTable statement={statement} period={period} />
          </Panel>
        </Grid.Col>
      </Grid>
    </>
  )
}

/** Neither an order nor a cost: zeros would only look like an answer. */
const isBlank = ({ orders, guests, acquisitionCosts, servicingCosts, result, unconverted }: EquityStatement): boolean =>
  orders + guests.orders + acquisitionCosts.entries + servicingCosts.entries + unconverted.length === 0 &&
  result.minor === 0

const Blank = () => {
  const t = useTexts()
  return (
    <EmptyState
      icon={IconChartBar}
      title={t('equity.empty.title')}
      lead={t('equity.empty.lead')}
      action={
        <Button renderRoot={(props) => <Link to="/imports" {...props} />}>{t('equity.empty.importOrders')}</Button>
      }
      template={
        <Button variant="default" renderRoot={(props) => <Link to="/costs?add=one" {...props} />}>
          {t('equity.noCosts.enter')}
        </Button>
      }
    />
  )
}

const Headline = ({ statement }: { readonly statement: EquityStatement }) => {
  const t = useTexts()
  const { result, currency } = statement
  return (
    <div>
      <Text c="dimmed" fw={500}>
        {t(`equity.result.${result.kind}`)}
      </Text>
      <Text fz={32} fw={640} lh={1.2} component="div">
        <MoneyText value={{ minor: result.minor, currency }} />
      </Text>
    </div>
  )
}

const Costless = ({ statement }: { readonly statement: EquityStatement }) => {
  const t = useTexts()
  const { result, acquisitionCosts, servicingCosts } = statement
  if (result.kind === 'equity') return null
  const missing = {
    acquisition: acquisitionCosts.entries === 0 && acquisitionCosts.unconverted > 0,
    servicing: servicingCosts.entries === 0 && servicingCosts.unconverted > 0,
  }
  if (missing.acquisition || missing.servicing) {
    return (
      <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title={t('equity.noCosts.noRateTitle')}>
        {t('equity.noCosts.noRate')}
      </Alert>
    )
  }
  return (
    <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title={t('equity.noCosts.title')}>
      <Group justify="space-between" gap="xs">
        <Text>
          {result.kind === 'revenue-without-costs'
            ? t('equity.noCosts.lead')
            : t('equity.noCosts.some', { kind: t(`equity.noCosts.${result.missing}`) })}
        </Text>
        <Anchor inherit underline="always" c="inherit" renderRoot={(props) => <Link to="/costs?add=one" {...props} />}>
          {t('equity.noCosts.enter')}
        </Anchor>
      </Group>
    </Alert>
  )
}
