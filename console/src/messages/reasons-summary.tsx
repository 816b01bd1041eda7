import { messageReasonCount } from '@baton/contract'
import { Skeleton, Text, UnstyledButton } from '@mantine/core'
import { z } from 'zod'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { useDomainNow } from '../ui/use-domain-now.ts'
import classes from './ledger.module.css'

const days = 30
const dayMs = 86_400_000
const answer = z.object({ items: z.array(messageReasonCount) })

/** Why messages were held or did not leave, most frequent first; each filters the list. */
export const ReasonsSummary = ({ onChoose }: { readonly onChoose: (reason: string, from: number) => void }) => {
  const t = useTexts()
  const hour = 3_600_000
  const from = Math.floor((useDomainNow() - days * dayMs) / hour) * hour
  const { data, error, refetch } = useApi('/v1/messages/reasons', answer, {
    query: { from },
    refetchMs: 15_000,
    keep: true,
  })
  if (error !== null && data === undefined) return <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={138} />
  const byReason = new Map<string, number>()
  for (const { reason, count } of data.items) byReason.set(reason, (byReason.get(reason) ?? 0) + count)
  const reasons = [...byReason].toSorted((a, b) => b[1] - a[1])
  const most = reasons[0]?.[1] ?? 1
  return (
    <Panel
      title={t('messages.reasons.title')}
      aside={
        <Text size="xs" c="dimmed">
          {t('messages.reasons.lead', { days })}
        </Text>
      }
    >
      {reasons.length === 0 ? (
        <Text c="dimmed">{t('messages.reasons.none')}</Text>
      ) : (
        <ul className={classes.reasons}>
          {reasons.map(([reason, count]) => (
            <li key={reason}>
              <UnstyledButton
                className={classes.reason ?? ''}
                __vars={{ '--share': `${(count / most) * 100}%` }}
                onClick={() => onChoose(reason, from)}
              >
                <span>{t.code('reasons', reason)}</span>
                <Text span fw={600} className="baton-numbers">
                  {formatCount(count)}
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
