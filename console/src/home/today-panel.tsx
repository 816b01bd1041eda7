import type { Home } from '@baton/contract'
import { SimpleGrid, Text } from '@mantine/core'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { formatMoney } from '../ui/money.ts'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { Stat } from '../ui/stat.tsx'
import { messagesSince } from './attention.ts'
import classes from './home.module.css'

export const TodayPanel = ({ today }: { readonly today: Home['today'] }) => {
  const t = useTexts()
  const { workspace } = useHere()
  return (
    <Panel
      title={t('home.today.title')}
      aside={
        <Text size="xs" c="dimmed">
          {t('home.today.since', { zone: workspace.timeZone })}
        </Text>
      }
    >
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
        <Stat
          label={t('home.today.events')}
          value={formatCount(today.events)}
          to="/live"
          chart={<Hours counts={today.eventsByHour} />}
        />
        <Stat label={t('home.today.people')} value={formatCount(today.newPeople)} to="/people" />
        <Stat
          label={t('home.today.orders')}
          value={formatCount(today.orders)}
          hint={today.revenue === null ? undefined : <Revenue revenue={today.revenue} />}
        />
        <Stat
          label={t('home.today.messages')}
          value={today.messages === null ? '–' : formatCount(today.messages.accepted ?? 0)}
          to={messagesSince({ today }, 'accepted')}
          hint={<MessagesHint messages={today.messages} />}
        />
      </SimpleGrid>
    </Panel>
  )
}

const Revenue = ({ revenue }: { readonly revenue: NonNullable<Home['today']['revenue']> }) => {
  const t = useTexts()
  if (revenue.length === 0) return t('home.today.noOrders')
  return `${revenue.map((one) => formatMoney(one)).join(' + ')} ${t('home.today.revenue')}`
}

const MessagesHint = ({ messages }: Pick<Home['today'], 'messages'>) => {
  const t = useTexts()
  if (messages === null) return t('home.today.quiet')
  const parts = [
    ...(messages.dropped ? [t('home.today.dropped', { count: messages.dropped })] : []),
    ...(messages.held ? [t('home.today.held', { count: messages.held })] : []),
  ]
  return parts.join(' · ')
}

const Hours = ({ counts }: { readonly counts: readonly number[] }) => {
  const t = useTexts()
  const most = Math.max(1, ...counts)
  const hours = counts.map((count, hour) => ({ hour, count }))
  return (
    <div
      className={classes.hours}
      role="img"
      aria-label={`${t('home.today.byHour')}: ${counts.join(', ')}`}
      style={{ width: Math.min(130, 6 * counts.length + 4) }}
    >
      {hours.map(({ hour, count }) => (
        <span
          key={hour}
          title={`${hour}:00 · ${formatCount(count)}`}
          data-none={count === 0 || undefined}
          style={{ height: `${(count / most) * 100}%` }}
        />
      ))}
    </div>
  )
}
