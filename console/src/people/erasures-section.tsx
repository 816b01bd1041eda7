import { type Erasure, erasure } from '@baton/contract'
import { Badge, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useApiPages } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { formatCount } from '../ui/numbers.ts'
import { When } from '../ui/when.tsx'
import { SectionLead } from '../workspaces/settings/section-lead.tsx'

const ErasuresSection = () => {
  const t = useTexts()
  const { workspace } = useHere()
  if (!workspace.permissions.includes('people:read')) return <Text c="dimmed">{t('settings.mayNotSee')}</Text>
  return <ErasureList />
}

export default ErasuresSection

const ErasureList = () => {
  const t = useTexts()
  const rows = useApiPages('/v1/erasures', erasure, { refetchMs: 5_000, keep: true })
  const columns = useMemo(
    (): readonly Column<Erasure>[] => [
      {
        id: 'asked',
        title: t('people.erasures.asked'),
        cell: (row) => <When at={row.requestedAt} />,
        value: (row) => new Date(row.requestedAt).toISOString(),
      },
      {
        id: 'state',
        title: t('people.erasures.state'),
        cell: (row) => (
          <Badge color={row.state === 'done' ? 'teal' : 'blue'}>{t(`people.erasures.states.${row.state}`)}</Badge>
        ),
        value: (row) => row.state,
      },
      {
        id: 'hidden',
        title: t('people.erasures.hidden'),
        wideOnly: true,
        cell: (row) => (row.hiddenAt === null ? null : <When at={row.hiddenAt} />),
        value: (row) => (row.hiddenAt === null ? '' : new Date(row.hiddenAt).toISOString()),
      },
      {
        id: 'done',
        title: t('people.erasures.done'),
        cell: (row) => (row.doneAt === null ? null : <When at={row.doneAt} />),
        value: (row) => (row.doneAt === null ? '' : new Date(row.doneAt).toISOString()),
      },
      {
        id: 'events',
        title: t('people.erasures.events'),
        wideOnly: true,
        cell: (row) => <span className="baton-numbers">{formatCount(row.eventsErased)}</span>,
        value: (row) => row.eventsErased,
      },
      {
        id: 'remains',
        title: t('people.erasures.remains'),
        wideOnly: true,
        cell: (row) => row.remains ?? '',
        value: (row) => row.remains ?? '',
      },
    ],
    [t],
  )
  return (
    <>
      <SectionLead>{t('people.erasures.lead')}</SectionLead>
      <DataTable
        name={t('people.erasures.list')}
        columns={columns}
        rows={rows.items}
        rowKey={(row) => row.erasureId}
        error={rows.error}
        onRetry={() => void rows.refetch()}
        loadMore={rows.loadMore}
        isLoadingMore={rows.isLoadingMore}
        empty={<EmptyLine>{t('people.erasures.empty')}</EmptyLine>}
      />
    </>
  )
}
