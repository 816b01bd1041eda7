import { type Cost, cost, costKind, costPage, type Phase, phases as phasesSchema } from '@baton/contract'
import { SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import IconReceipt from '@tabler/icons-react/dist/esm/icons/IconReceipt.mjs'
import type { ReactNode } from 'react'
import type { Query } from '../api/api.ts'
import { useApi, useApiPages } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { formatMoney, toMajor } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { Stat } from '../ui/stat.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { RemoveCost } from './remove-cost.tsx'

const noFilters = { kind: '', phase: '', from: '', to: '' }

interface CostsTableProps {
  readonly action: ReactNode
  readonly template: ReactNode
}

export const CostsTable = ({ action, template }: CostsTableProps) => {
  const t = useTexts()
  const filters = useUrlFilters(noFilters)
  const query: Query = filters.values
  const costs = useApiPages('/v1/costs', cost, { query, keep: true })
  const phases = useApi('/v1/phases', phasesSchema)
  const columns = useColumns(phases.data ?? [])
  return (
    <Stack gap="md">
      <Totals query={query} />
      <div>
        <FilterBar
          filters={filters}
          choices={[
            {
              key: 'kind',
              label: t('costs.filters.kind'),
              options: costKind.options.map((kind) => ({ value: kind, label: t(`costs.kinds.${kind}`) })),
            },
            {
              key: 'phase',
              label: t('costs.filters.phase'),
              options: (phases.data ?? []).map((one) => ({ value: one.phase, label: one.title })),
            },
          ]}
        >
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="date"
              aria-label={t(`costs.filters.${end}`)}
              title={t(`costs.filters.${end}`)}
              value={filters.values[end]}
              onChange={(event) => filters.set({ [end]: event.currentTarget.value })}
            />
          ))}
        </FilterBar>
        <DataTable
          name={t('shell.nav.costs')}
          columns={columns}
          rows={costs.items}
          rowKey={(row) => row.costId}
          error={costs.error}
          onRetry={() => void costs.refetch()}
          loadMore={costs.loadMore}
          isLoadingMore={costs.isLoadingMore}
          wholeList={useWholeList('/v1/costs', query, 'money:read')}
          empty={
            filters.isFiltered ? (
              <EmptyLine>{t('ui.noMatch')}</EmptyLine>
            ) : (
              <EmptyState
                icon={IconReceipt}
                title={t('costs.empty.title')}
                lead={t('costs.empty.lead')}
                action={action}
                template={template}
              />
            )
          }
        />
      </div>
    </Stack>
  )
}

const Totals = ({ query }: { readonly query: Query }) => {
  const t = useTexts()
  const summed = useApi('/v1/costs', costPage, { query: { ...query, limit: 1 }, keep: true })
  const totals = summed.data?.totals ?? []
  if (totals.length === 0) return null
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" maw={620}>
      {costKind.options.map((kind) => {
        const of = totals.filter((one) => one.kind === kind)
        const entries = of.reduce((sum, one) => sum + one.entries, 0)
        return (
          <Stat
            key={kind}
            label={`${t(`costs.kinds.${kind}`)}: ${t(`costs.kindHints.${kind}`)}`}
            value={of.length === 0 ? '–' : of.map((one) => formatMoney(one)).join(' + ')}
            hint={entries === 0 ? t('costs.none') : t('costs.entries', { count: entries })}
          />
        )
      })}
    </SimpleGrid>
  )
}

const useColumns = (phases: readonly Phase[]): readonly Column<Cost>[] => {
  const t = useTexts()
  const { workspace } = useHere()
  const text = (id: 'channel' | 'partner' | 'note'): Column<Cost> => ({
    id,
    title: t(`costs.columns.${id}`),
    value: (row) => row[id],
    cell: (row) => (
      <Text span inherit style={{ overflowWrap: 'anywhere' }}>
        {row[id]}
      </Text>
    ),
    wideOnly: true,
  })
  const titleOf = (phase: Cost['phase']): string => phases.find((one) => one.phase === phase)?.title ?? phase ?? ''
  return [
    {
      id: 'on',
      title: t('costs.columns.on'),
      value: (row) => row.on,
      cell: (row) => (
        <Text span inherit className="baton-numbers" style={{ whiteSpace: 'nowrap' }}>
          {row.on}
        </Text>
      ),
    },
    {
      id: 'kind',
      title: t('costs.columns.kind'),
      value: (row) => row.kind,
      cell: (row) => (
        <StateBadge
          state={row.kind}
          tone={row.kind === 'acquisition' ? 'busy' : 'note'}
          label={t(`costs.kinds.${row.kind}`)}
        />
      ),
    },
    {
      id: 'amount',
      title: t('costs.columns.amount'),
      numeric: true,
      value: (row) => toMajor(row.amount),
      cell: (row) => <MoneyText value={row.amount} />,
    },
    {
      id: 'phase',
      title: t('costs.columns.phase'),
      value: (row) => titleOf(row.phase),
      cell: (row) => titleOf(row.phase),
      wideOnly: true,
    },
    text('channel'),
    text('partner'),
    text('note'),
    ...(workspace.permissions.includes('money:write')
      ? [
          {
            id: 'actions',
            title: t('costs.columns.actions'),
            width: 60,
            cell: (row: Cost) => <RemoveCost cost={row} />,
          },
        ]
      : []),
  ]
}
