import { eventCatalogue, type LiveEvent, verdict } from '@baton/contract'
import { Alert, Button, Group, Kbd, Skeleton, Stack, Text } from '@mantine/core'
import { useHotkeys, useLocalStorage } from '@mantine/hooks'
import IconActivity from '@tabler/icons-react/dist/esm/icons/IconActivity.mjs'
import IconPlayerPause from '@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { type KeyboardEvent, useState } from 'react'
import type { Query } from '../api/api.ts'
import { useApi } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { WholeListMenu } from '../ui/csv-button.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { useNow } from '../ui/use-now.ts'
import type { PayloadLook } from './event-detail.tsx'
import { EventRow } from './event-row.tsx'
import { FirstEventCommand } from './first-event-command.tsx'
import { eventKey } from './live-buffer.ts'
import classes from './live-events.module.css'
import { useLiveEvents } from './use-live-events.ts'

const noFilters = { q: '', type: '', name: '', verdict: '' }
const types = ['track', 'identify', 'page', 'screen', 'group', 'alias']

export const LiveEventsPage = () => {
  const t = useTexts()
  const filters = useUrlFilters(noFilters)
  const names = useApi('/v1/event-names', eventCatalogue)
  const [paused, setPaused] = useState(false)
  const toggle = () => setPaused((before) => !before)
  useHotkeys([['.', toggle]])
  const { q, type, name, verdict: outcome } = filters.values
  const query: Query = { search: q, type, name, verdict: outcome }
  return (
    <>
      <PageHeader
        title={t('shell.nav.live')}
        lead={t('live.lead')}
        actions={
          <Button
            variant={paused ? 'filled' : 'default'}
            leftSection={paused ? <IconPlayerPlay size={15} aria-hidden /> : <IconPlayerPause size={15} aria-hidden />}
            rightSection={<Kbd size="xs">.</Kbd>}
            onClick={toggle}
          >
            {paused ? t('live.resume') : t('live.pause')}
          </Button>
        }
      />
      <FilterBar
        filters={filters}
        search={t('live.search')}
        choices={[
          { key: 'type', label: t('live.type'), options: types.map((one) => ({ value: one, label: one })) },
          {
            key: 'name',
            label: t('live.name'),
            options: (names.data?.events ?? []).map((one) => ({ value: one.name, label: one.name })),
          },
          {
            key: 'verdict',
            label: t('live.verdict'),
            options: verdict.options.map((one) => ({ value: one, label: t.code('live.verdicts', one) })),
          },
        ]}
      />
      <Stream
        key={JSON.stringify(query)}
        query={query}
        paused={paused}
        onResume={() => setPaused(false)}
        isFiltered={filters.isFiltered}
      />
    </>
  )
}

interface StreamProps {
  readonly query: Query
  readonly paused: boolean
  readonly onResume: () => void
  readonly isFiltered: boolean
}

const Stream = ({ query, paused, onResume, isFiltered }: StreamProps) => {
  const t = useTexts()
  const stream = useLiveEvents(query, paused)
  const wholeList = useWholeList('/v1/events', query)
  if (stream.isLoading) {
    if (stream.error !== null) return <ErrorPanel error={stream.error} onRetry={() => void stream.refetch()} />
    return <Loading />
  }
  if (stream.shown.length === 0) {
    return isFiltered ? (
      <EmptyLine>{t('live.nothing')}</EmptyLine>
    ) : (
      <Stack align="center">
        <EmptyState
          icon={IconActivity}
          title={t('live.empty.title')}
          lead={t('live.empty.lead')}
          action={<FirstEventCommand />}
        />
      </Stack>
    )
  }
  return (
    <Stack gap="xs">
      {stream.error === null ? null : <ErrorPanel error={stream.error} onRetry={() => void stream.refetch()} />}
      <Group justify="space-between" gap="xs">
        <Pulse events={stream.shown} paused={paused} />
        <WholeListMenu name={t('shell.nav.live')} wholeList={wholeList} />
      </Group>
      {stream.waiting.length === 0 ? null : (
        <Alert color="baton" py={6} role="status">
          <Group justify="space-between" gap="xs">
            {stream.isMore
              ? t('live.waitingMore', { count: stream.waiting.length })
              : t('live.waiting', { count: stream.waiting.length })}
            <Button size="compact-sm" onClick={onResume}>
              {t('live.show')}
            </Button>
          </Group>
        </Alert>
      )}
      <Events events={stream.shown} />
      {stream.loadOlder === undefined ? null : (
        <Group justify="center">
          <Button variant="default" onClick={stream.loadOlder} loading={stream.isLoadingOlder}>
            {t('live.older')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

const minuteMs = 60_000

const Pulse = ({ events, paused }: { readonly events: readonly LiveEvent[]; readonly paused: boolean }) => {
  const t = useTexts()
  const nowMs = useNow()
  const count = events.filter((event) => event.receivedAt > nowMs - minuteMs).length
  return (
    <Group gap={8}>
      <span className={classes.dot} data-paused={paused || undefined} aria-hidden />
      <Text size="xs" fw={550}>
        {paused ? t('live.isPaused') : t('live.isLive')}
      </Text>
      <Text size="xs" c="dimmed" className="baton-numbers">
        {t('live.lastMinute', { count })}
      </Text>
    </Group>
  )
}

/** Up and down move between events, Enter opens one. */
const moveByArrows = (event: KeyboardEvent<HTMLElement>): void => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  if (!(event.target instanceof HTMLElement) || !event.target.hasAttribute('data-event-row')) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-event-row]')]
  const next = rows[rows.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

const Events = ({ events }: { readonly events: readonly LiveEvent[] }) => {
  const t = useTexts()
  const [open, setOpen] = useState<string | null>(null)
  const [look, setLook] = useLocalStorage<PayloadLook>({ key: 'baton.payload-look', defaultValue: 'pretty' })
  return (
    <ul className={classes.list} aria-label={t('live.list')} onKeyDown={moveByArrows}>
      {events.map((event) => {
        const key = eventKey(event)
        return (
          <EventRow
            key={key}
            event={event}
            isOpen={open === key}
            onToggle={() => setOpen(open === key ? null : key)}
            look={look}
            onLook={setLook}
          />
        )
      })}
    </ul>
  )
}

const Loading = () => {
  const t = useTexts()
  return (
    <Stack gap={6} role="status" aria-label={t('ui.loading')}>
      {[100, 96, 100, 92, 98, 94].map((width) => (
        <Skeleton key={width} height={28} width={`${width}%`} />
      ))}
    </Stack>
  )
}
