import { auditEntry } from '@baton/contract'
import { Code, Text } from '@mantine/core'
import { useMemo } from 'react'
import type { z } from 'zod'
import { useApiPages } from '../../api/use-api.ts'
import { useHere } from '../../app/session-context.ts'
import { useWholeList } from '../../app/use-whole-list.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { useUrlFilters } from '../../ui/url-filters.ts'
import { When } from '../../ui/when.tsx'
import { SectionLead } from './section-lead.tsx'

type Entry = z.output<typeof auditEntry>

const filterDefaults = { q: '' }

const AuditSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  if (!workspace.permissions.includes('audit:read')) return <Text c="dimmed">{t('settings.mayNotSee')}</Text>
  return <AuditList />
}

export default AuditSection

const AuditList = () => {
  const t = useTexts()
  const filters = useUrlFilters(filterDefaults)
  const entries = useApiPages('/v1/audit', auditEntry, { query: { object: filters.values.q }, keep: true })
  const columns = useMemo(
    (): readonly Column<Entry>[] => [
      {
        id: 'when',
        title: t('settings.audit.when'),
        cell: (row) => <When at={row.at} />,
        value: (row) => new Date(row.at).toISOString(),
      },
      {
        id: 'who',
        title: t('settings.audit.who'),
        cell: (row) => <span title={row.actor}>{row.actorName}</span>,
        value: (row) => row.actorName,
      },
      {
        id: 'action',
        title: t('settings.audit.action'),
        cell: (row) => <Code>{row.action}</Code>,
        value: (row) => row.action,
      },
      {
        id: 'object',
        title: t('settings.audit.object'),
        wideOnly: true,
        cell: (row) => (
          <Text span inherit c="dimmed" ff="monospace" size="xs">
            {row.object}
          </Text>
        ),
        value: (row) => row.object,
      },
      {
        id: 'detail',
        title: t('settings.audit.detail'),
        wideOnly: true,
        cell: (row) => (
          <Text span inherit size="xs" ff="monospace" lineClamp={1} maw={320} title={JSON.stringify(row.detail)}>
            {Object.keys(row.detail).length === 0 ? '' : JSON.stringify(row.detail)}
          </Text>
        ),
        value: (row) => JSON.stringify(row.detail),
      },
    ],
    [t],
  )
  return (
    <>
      <SectionLead>{t('settings.audit.lead')}</SectionLead>
      <FilterBar filters={filters} search={t('settings.audit.filter')} />
      <DataTable
        name={t('settings.audit.list')}
        columns={columns}
        rows={entries.items}
        rowKey={(row) => row.auditId}
        error={entries.error}
        onRetry={() => void entries.refetch()}
        loadMore={entries.loadMore}
        isLoadingMore={entries.isLoadingMore}
        wholeList={useWholeList('/v1/audit', { object: filters.values.q }, 'audit:read')}
        empty={<EmptyLine>{t(filters.isFiltered ? 'ui.noMatch' : 'settings.audit.empty')}</EmptyLine>}
      />
    </>
  )
}
