import type { Home } from '@baton/contract'
import { Anchor, SimpleGrid, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { formatMoney } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { formatCount } from '../ui/numbers.ts'
import { Stat } from '../ui/stat.tsx'
import { When } from '../ui/when.tsx'

/** The two figures of customer equity, never mixed, and the heads behind the first. */
export const EquityRow = ({ home }: { readonly home: Home }) => {
  const t = useTexts()
  const { equity, currency } = home
  if (equity === null) return <Text c="dimmed">{t('home.equity.hidden')}</Text>
  const { result, forward } = equity
  const money = (minor: number, of = currency) => ({ minor, currency: of })
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md" component="section" aria-label={t('home.equity.title')}>
      <Stat
        label={t(`home.equity.kinds.${result.kind}`)}
        value={<MoneyText value={money(result.minor)} format="short" />}
        to="/equity"
        hint={
          <>
            {t('home.equity.period')}. {t(`home.equity.kindHints.${result.kind}`)}.{' '}
            {result.kind === 'equity' ? null : (
              <Anchor inherit underline="always" renderRoot={(props) => <Link to="/costs" {...props} />}>
                {t('home.equity.enterCosts')}
              </Anchor>
            )}
            {equity.isPartUnconverted ? <div>{t('home.equity.unconverted')}.</div> : null}
          </>
        }
      />
      <Stat
        label={t('home.equity.forward')}
        value={<MoneyText value={forward === null ? null : money(forward.minor, forward.currency)} format="short" />}
        to="/equity?view=forward"
        hint={
          forward === null ? (
            t('home.equity.forwardNone')
          ) : (
            <>
              {t(`home.equity.forwardOf.${forward.of}`)}
              {forward.interval === null
                ? null
                : `, ${t('home.equity.interval', {
                    low: formatMoney(money(forward.interval[0], forward.currency), 'short'),
                    high: formatMoney(money(forward.interval[1], forward.currency), 'short'),
                  })}`}
              . {t('home.equity.computed')} <When at={forward.asOf} />
              {forward.isCurrent ? null : `. ${t('home.equity.computedAnew')}`}
            </>
          )
        }
      />
      <Stat
        label={t('home.equity.new')}
        value={formatCount(equity.newHeads)}
        to="/equity?term=new"
        hint={t('home.equity.in90')}
      />
      <Stat
        label={t('home.equity.churned')}
        value={formatCount(equity.churnedHeads)}
        to="/equity?term=churned"
        hint={t('home.equity.in90')}
      />
    </SimpleGrid>
  )
}
