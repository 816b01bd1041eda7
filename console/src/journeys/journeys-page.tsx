import { type JourneySummary, journeyStatus, journeySummary, phases } from '@baton/contract'
import { Badge, Button, Group, Text } from '@mantine/core'
import IconRoute from '@tabler/icons-react/dist/esm/icons/IconRoute.mjs'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApi, useApiPages } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { formatCount } from '../ui/numbers.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'

const filterDefaults = { q: '', status: '' }

export const JourneysPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const filters = useUrlFilters(filterDefaults)
  const journeys = useApiPages('/v1/journeys', journeySummary, {
    query: { search: filters.values.q, status: filters.values.status },
    refetchMs: 10_000,
    keep: true,
  })
  const columns = useColumns()
  const mayCreate = workspace.permissions.includes('journeys:write')
  const create = mayCreate ? (
    <Button renderRoot={(props) => <Link to="/journeys/new" {...props} />}>{t('journeys.create')}</Button>
  ) : null
  return (
    <>
      <PageHeader title={t('journeys.title')} lead={t('journeys.lead')} actions={create} />
      <FilterBar
        filters={filters}
        search={t('journeys.search')}
        choices={[
          {
            key: 'status',
            label: t('journeys.status'),
            options: journeyStatus.options.map((value) => ({ value, label: t.code('ui.states', value) })),
          },
        ]}
      />
      <DataTable
        name={t('journeys.list')}
        columns={columns}
        rows={journeys.items}
        rowKey={(row) => row.journeyId}
        rowTo={(row) => `/journeys/${row.journeyId}`}
        error={journeys.error}
        onRetry={() => void journeys.refetch()}
        loadMore={journeys.loadMore}
        isLoadingMore={journeys.isLoadingMore}
        empty={
          filters.isFiltered ? (
            <EmptyLine>{t('ui.noMatch')}</EmptyLine>
          ) : (
            <EmptyState
              icon={IconRoute}
              title={t('journeys.empty.title')}
              lead={t('journeys.empty.lead')}
              action={
                mayCreate ? (
                  <Button renderRoot={(props) => <Link to="/journeys/new" {...props} />}>
                    {t('journeys.empty.template')}
                  </Button>
                ) : null
              }
            />
          )
        }
      />
    </>
  )
}

const useColumns = (): readonly Column<JourneySummary>[] => {
  const t = useTexts()
  const { data: owners } = useApi('/v1/phases', phases)
  return useMemo(() => {
    const ownerOf = (phase: string | null) => owners?.find((each) => each.phase === phase)?.owner?.name ?? null
    const count = (
      id: string,
      title: string,
      value: (row: JourneySummary) => number,
      wideOnly = false,
    ): Column<JourneySummary> => ({
      id,
      title,
      numeric: true,
      wideOnly,
      cell: (row) =>
        value(row) === 0 ? (
          <Text span inherit c="dimmed">
            0
          </Text>
        ) : (
          formatCount(value(row))
        ),
      value,
    })
    return [
      {
        id: 'name',
        title: t('journeys.name'),
        width: '28%',
        cell: (row) => row.name,
        value: (row) => row.name,
      },
      {
        id: 'status',
        title: t('journeys.status'),
        cell: (row) => (
          <Group gap={6}>
            <StateBadge state={row.status} />
            {row.version !== null && row.changed ? <Badge color="yellow">{t('journeys.unpublished')}</Badge> : null}
          </Group>
        ),
        value: (row) => row.status,
      },
      {
        id: 'phase',
        title: t('journeys.phase'),
        wideOnly: true,
        cell: (row) => (row.phase === null ? null : t.code('journeys.phases', row.phase)),
        value: (row) => row.phase,
      },
      {
        id: 'owner',
        title: t('journeys.owner'),
        wideOnly: true,
        cell: (row) =>
          ownerOf(row.phase) ?? (
            <Text span inherit c="dimmed">
              {t('journeys.noOwner')}
            </Text>
          ),
        value: (row) => ownerOf(row.phase),
      },
      count('entered', t('journeys.entered'), (row) => row.entered),
      count('active', t('journeys.active'), (row) => row.active, true),
      count('finished', t('journeys.finished'), (row) => row.finished, true),
      count('exited', t('journeys.exited'), (row) => row.exited, true),
      {
        id: 'updated',
        title: t('journeys.updated'),
        wideOnly: true,
        cell: (row) => <When at={row.updatedAt} c="dimmed" />,
        value: (row) => new Date(row.updatedAt).toISOString(),
      },
    ]
  }, [t, owners])
}
