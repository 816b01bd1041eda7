import { messageBalance } from '@baton/contract'
import { Group, Skeleton, Stack, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import { useApi } from '../api/use-api.ts'
import { type TextKey, useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import classes from './ledger.module.css'

interface Part {
  readonly key: string
  readonly label: TextKey
  readonly count: number
}

/** planned = handed over + on their way + not sent + the rest: as one bar, with its figures. */
export const LedgerLine = () => {
  const t = useTexts()
  const { data, error, refetch } = useApi('/v1/messages/balance', messageBalance, { refetchMs: 5_000 })
  if (error !== null && data === undefined) return <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={138} />
  const parts: readonly Part[] = [
    { key: 'accepted', label: 'messages.balance.accepted', count: data.accepted },
    { key: 'onTheirWay', label: 'messages.balance.onTheirWay', count: data.onTheirWay },
    { key: 'dropped', label: 'messages.balance.dropped', count: data.dropped },
    { key: 'other', label: 'messages.balance.other', count: data.refused + data.expired + data.cancelled },
    { key: 'uncertain', label: 'messages.balance.uncertain', count: data.uncertain },
  ]
  return (
    <Panel
      title={t('messages.balance.title')}
      aside={
        <Text size="xs" c="dimmed" className="baton-numbers">
          {t('messages.balance.planned')} {formatCount(data.planned)}
        </Text>
      }
    >
      <div className={classes.bar} aria-hidden>
        {parts.map(({ key, count }) =>
          count === 0 ? null : <span key={key} data-part={key} style={{ flexGrow: count }} />,
        )}
      </div>
      <Group gap="lg" mt="xs" component="dl" m={0}>
        {parts.map(({ key, label, count }) => (
          <Stack key={key} gap={0}>
            <Text component="dt" size="xs" c="dimmed" className={classes.name ?? ''}>
              <span className={classes.dot} data-part={key} />
              {t(label)}
            </Text>
            <Text component="dd" m={0} fw={600} className="baton-numbers">
              {formatCount(count)}
            </Text>
          </Stack>
        ))}
      </Group>
      <Group gap={6} mt="sm" c={data.balanced ? 'dimmed' : 'var(--mantine-color-error)'}>
        {data.balanced ? <IconCheck size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}
        <Text size="xs">{t(data.balanced ? 'messages.balance.balanced' : 'messages.balance.unbalanced')}</Text>
      </Group>
    </Panel>
  )
}
