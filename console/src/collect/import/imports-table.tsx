import type { ImportJob } from '@baton/contract'
import { Stack, Text, Title } from '@mantine/core'
import { useTexts } from '../../texts/use-texts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { formatMoney } from '../../ui/money.ts'
import { formatCount } from '../../ui/numbers.ts'
import { When } from '../../ui/when.tsx'
import { ImportStateBadge } from './import-state-badge.tsx'
import { ImportTotals } from './import-totals.tsx'
import type { useImports } from './use-imports.ts'

export const ImportsTable = ({ imports }: { readonly imports: ReturnType<typeof useImports> }) => {
  const t = useTexts()
  return (
    <Stack gap="xs">
      <Title order={2}>{t('imports.list.title')}</Title>
      <DataTable
        name={t('imports.list.title')}
        columns={useColumns()}
        rows={imports.items}
        rowKey={(row) => row.importId}
        rowTo={(row) => `/imports?import=${row.importId}`}
        error={imports.error}
        onRetry={() => void imports.refetch()}
        loadMore={imports.loadMore}
        isLoadingMore={imports.isLoadingMore}
        empty={<EmptyLine>{t('imports.list.empty')}</EmptyLine>}
      />
    </Stack>
  )
}

const useColumns = (): readonly Column<ImportJob>[] => {
  const t = useTexts()
  const count = (id: 'rows' | 'accepted' | 'rejected'): Column<ImportJob> => ({
    id,
    title: t(`imports.list.columns.${id}`),
    numeric: true,
    value: (row) => row[id],
    cell: (row) => formatCount(row[id]),
    wideOnly: true,
  })
  return [
    {
      id: 'file',
      title: t('imports.list.columns.file'),
      value: (row) => row.fileName,
      cell: (row) => (
        <Stack gap={0} component="span" miw={110}>
          <span style={{ overflowWrap: 'anywhere' }}>{row.fileName ?? t('imports.list.unnamed')}</span>
          <Text span size="xs" c="dimmed" fw={400}>
            {t('imports.list.from', { source: row.source })}
          </Text>
        </Stack>
      ),
    },
    {
      id: 'state',
      title: t('imports.list.columns.state'),
      value: (row) => t(`imports.states.${row.state}`),
      cell: (row) => (
        <>
          <ImportStateBadge state={row.state} />
          {row.rejected === 0 ? null : (
            <Text size="xs" c="dimmed" hiddenFrom="sm">
              {t('imports.list.rejected', { count: row.rejected, rows: formatCount(row.rejected) })}
            </Text>
          )}
        </>
      ),
    },
    count('rows'),
    count('accepted'),
    count('rejected'),
    {
      id: 'total',
      title: t('imports.list.columns.total'),
      numeric: true,
      value: (row) => row.totals.map((total) => formatMoney(total)).join(' + '),
      cell: (row) => <ImportTotals totals={row.totals} />,
    },
    {
      id: 'at',
      title: t('imports.list.columns.at'),
      value: (row) => new Date(row.createdAt).toISOString(),
      cell: (row) => <When at={row.createdAt} c="dimmed" />,
      wideOnly: true,
    },
  ]
}
