import { type Segment, segment } from '@baton/contract'
import { Box, Button, Group, Text } from '@mantine/core'
import IconFilter from '@tabler/icons-react/dist/esm/icons/IconFilter.mjs'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApiPages } from '../api/use-api.ts'
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
import { RecentChange } from './recent-change.tsx'
import { ruleSentence } from './rule-sentence.ts'
import { starters } from './starters.ts'
import { useSentenceWords } from './use-segment-names.ts'

const filterDefaults = { q: '' }

export const SegmentsPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const filters = useUrlFilters(filterDefaults)
  const segments = useApiPages('/v1/segments', segment, {
    query: { search: filters.values.q },
    refetchMs: 10_000,
    keep: true,
  })
  const columns = useColumns()
  const create = workspace.permissions.includes('segments:write') ? <CreateButton /> : null
  return (
    <>
      <PageHeader title={t('segments.title')} lead={t('segments.lead')} actions={create} />
      <FilterBar filters={filters} search={t('segments.search')} />
      <DataTable
        name={t('segments.list')}
        columns={columns}
        rows={segments.items}
        rowKey={(row) => row.segmentId}
        rowTo={(row) => `/segments/${row.segmentId}`}
        error={segments.error}
        onRetry={() => void segments.refetch()}
        loadMore={segments.loadMore}
        isLoadingMore={segments.isLoadingMore}
        empty={
          filters.isFiltered ? (
            <EmptyLine>{t('ui.noMatch')}</EmptyLine>
          ) : (
            <EmptyState
              icon={IconFilter}
              title={t('segments.empty.title')}
              lead={t('segments.empty.lead')}
              action={create}
              template={create === null ? undefined : <StarterLinks />}
            />
          )
        }
      />
    </>
  )
}

/** The templates of segments; each opens the builder with its rule. */
const StarterLinks = () => {
  const t = useTexts()
  return starters.map(({ key, title }) => (
    <Button
      key={key}
      variant="default"
      renderRoot={(props) => <Link to="/segments/new" search={{ start: key }} {...props} />}
    >
      {t(title)}
    </Button>
  ))
}

const CreateButton = () => {
  const t = useTexts()
  return <Button renderRoot={(props) => <Link to="/segments/new" {...props} />}>{t('segments.create')}</Button>
}

const useColumns = (): readonly Column<Segment>[] => {
  const t = useTexts()
  const words = useSentenceWords()
  return useMemo(
    () => [
      {
        id: 'name',
        title: t('segments.name'),
        cell: (row) => row.name,
        value: (row) => row.name,
        width: '24%',
      },
      {
        id: 'people',
        title: t('segments.people'),
        numeric: true,
        cell: (row) => (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            {row.state === 'counting' ? <StateBadge state="counting" /> : null}
            {row.count === null ? null : formatCount(row.count)}
          </Group>
        ),
        value: (row) => row.count,
      },
      {
        id: 'change',
        title: t('segments.change'),
        numeric: true,
        cell: (row) => <RecentChange segmentId={row.segmentId} />,
      },
      {
        id: 'rule',
        title: t('segments.rule'),
        wideOnly: true,
        cell: (row) => (
          <Box maw={480}>
            <Text c="dimmed" lineClamp={1} title={ruleSentence(row.rule, words)}>
              {row.description === '' ? ruleSentence(row.rule, words) : row.description}
            </Text>
          </Box>
        ),
        value: (row) => ruleSentence(row.rule, words),
      },
      {
        id: 'updated',
        title: t('segments.updated'),
        wideOnly: true,
        cell: (row) => <When at={row.updatedAt} c="dimmed" />,
        value: (row) => new Date(row.updatedAt).toISOString(),
      },
    ],
    [t, words],
  )
}
