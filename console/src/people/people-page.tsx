import { type PersonListItem, personList, personListItem, segmentPage } from '@baton/contract'
import { Button, Group, Stack, Text } from '@mantine/core'
import IconUsers from '@tabler/icons-react/dist/esm/icons/IconUsers.mjs'
import { Link } from '@tanstack/react-router'
import { useApi, useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { FirstEventCommand } from '../collect/first-event-command.tsx'
import { StateChip } from '../lifecycle/state-chip.tsx'
import { useLifeCycle } from '../lifecycle/use-life-cycle.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FilterBar, type FilterChoice } from '../ui/filter-bar.tsx'
import { toMajor } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { formatCount } from '../ui/numbers.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'

/** `state` is written `track:state`, as policies write it. */
const noFilters = { q: '', state: '', segment: '' }

type LifeCycle = ReturnType<typeof useLifeCycle>

export const PeoplePage = () => {
  const t = useTexts()
  const filters = useOneFilter()
  const lifeCycle = useLifeCycle()
  const { q, state, segment } = filters.values
  const [track = '', stateKey = ''] = state.split(':')
  const query = { search: q, segmentId: segment, ...(stateKey === '' ? {} : { track, state: stateKey }) }
  const people = useApiPages('/v1/people', personListItem, { query, keep: true, refetchMs: 10_000 })
  const counted = useApi('/v1/people', personList, { query: { ...query, limit: 1 }, keep: true, refetchMs: 10_000 })
  const choices = useChoices(lifeCycle)
  return (
    <>
      <PageHeader title={t('shell.nav.people')} lead={t('people.lead')} />
      <FilterBar filters={filters} search={t('people.search')} choices={choices} />
      <DataTable
        name={t('shell.nav.people')}
        columns={useColumns(lifeCycle)}
        rows={people.items}
        rowKey={(row) => row.personId}
        rowTo={(row) => `/people/${row.personId}`}
        error={people.error}
        onRetry={() => void people.refetch()}
        loadMore={people.loadMore}
        isLoadingMore={people.isLoadingMore}
        wholeList={useWholeList('/v1/people', query)}
        toolbar={q === '' && counted.data !== undefined ? <Total count={counted.data.total} /> : undefined}
        empty={
          filters.isFiltered ? (
            <EmptyLine>{t('ui.noMatch')}</EmptyLine>
          ) : (
            <EmptyState
              icon={IconUsers}
              title={t('people.empty.title')}
              lead={t('people.empty.lead')}
              action={<FirstEventCommand />}
              template={
                <Button variant="default" renderRoot={(props) => <Link to="/imports" {...props} />}>
                  {t('shell.nav.imports')}
                </Button>
              }
            />
          )
        }
      />
    </>
  )
}

/** The list is by search, by state or by segment: choosing one lets go of the others. */
const useOneFilter = () => {
  const filters = useUrlFilters(noFilters)
  const set = (change: Record<string, string>) => filters.set({ ...noFilters, ...change })
  return { ...filters, set }
}

const useChoices = (lifeCycle: LifeCycle): readonly FilterChoice[] => {
  const t = useTexts()
  const segments = useApi('/v1/segments', segmentPage, { query: { limit: 200 } })
  const states = (lifeCycle.view?.tracks ?? []).flatMap(({ track, title, states: all }) =>
    all.map((one) => ({ value: `${track}:${one.state}`, label: `${title}: ${one.title}` })),
  )
  const groups = (segments.data?.items ?? []).map((one) => ({ value: one.segmentId, label: one.name }))
  return [
    { key: 'state', label: t('people.filters.state'), options: states },
    { key: 'segment', label: t('people.filters.segment'), options: groups },
  ].filter((choice) => choice.options.length > 0)
}

const Total = ({ count }: { readonly count: number }) => {
  const t = useTexts()
  return (
    <Text c="dimmed" size="xs" className="baton-numbers">
      {t('people.total', { count, total: formatCount(count) })}
    </Text>
  )
}

const tracks = ['conversion', 'brand', 'identity'] as const

const useColumns = (lifeCycle: LifeCycle): readonly Column<PersonListItem>[] => {
  const t = useTexts()
  return [
    {
      id: 'person',
      title: t('people.columns.person'),
      cell: (row) => (
        <Stack gap={0} component="span">
          <span>{row.title}</span>
          {row.email === null || row.email === row.title ? null : (
            <Text span size="xs" c="dimmed" fw={400}>
              {row.email}
            </Text>
          )}
        </Stack>
      ),
      value: (row) => row.title,
    },
    ...tracks.map(
      (track): Column<PersonListItem> => ({
        id: track,
        title: t.code('people.tracks', track),
        cell: (row) => <StateCell lifeCycle={lifeCycle} track={track} state={row.states[track]} />,
        value: (row) => {
          const state = row.states[track]
          return state === undefined ? null : lifeCycle.stateOf(track, state).title
        },
        wideOnly: track !== 'conversion',
      }),
    ),
    {
      id: 'revenue',
      title: t('people.columns.revenue'),
      numeric: true,
      cell: (row) => <MoneyText value={row.revenue} />,
      value: (row) => (row.revenue === null ? null : toMajor(row.revenue)),
    },
    {
      id: 'seen',
      title: t('people.columns.lastSeen'),
      cell: (row) => <When at={row.lastSeenAt} c="dimmed" />,
      value: (row) => (row.lastSeenAt === null ? null : new Date(row.lastSeenAt).toISOString()),
      wideOnly: true,
    },
    {
      id: 'first',
      title: t('people.columns.firstSeen'),
      cell: (row) => <When at={row.firstSeenAt} c="dimmed" />,
      value: (row) => new Date(row.firstSeenAt).toISOString(),
      wideOnly: true,
    },
  ]
}

interface StateCellProps {
  readonly lifeCycle: LifeCycle
  readonly track: string
  readonly state: string | undefined
}

const StateCell = ({ lifeCycle, track, state }: StateCellProps) => {
  const t = useTexts()
  if (state === undefined) {
    return (
      <Text span inherit c="dimmed" aria-label={t('ui.unknown')} role="img">
        –
      </Text>
    )
  }
  return (
    <Group component="span">
      <StateChip state={lifeCycle.stateOf(track, state)} />
    </Group>
  )
}
