import { type ImportJob, type ImportRejection, importRejection } from '@baton/contract'
import { Badge, Code, Group, Stack, Text, Title } from '@mantine/core'
import { useApiPages } from '../../api/use-api.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyLine } from '../../ui/empty-line.tsx'
import { formatCount } from '../../ui/numbers.ts'
import { isRunning } from './import-progress.ts'

const largePage = { limit: 200 }

/** Every row that could not be taken, with its line, why, and what to do. */
export const RejectedRows = ({ job }: { readonly job: ImportJob }) => {
  const t = useTexts()
  const columns = useColumns()
  const rows = useApiPages(`/v1/imports/${job.importId}/rejections`, importRejection, {
    query: largePage,
    enabled: job.rejected > 0,
    ...(isRunning(job) ? { refetchMs: 5_000 } : {}),
  })
  return (
    <Stack gap="xs">
      <Title order={2}>{t('imports.rejections.title')}</Title>
      {job.rejected === 0 ? (
        <Text c="dimmed">{t('imports.rejections.none')}</Text>
      ) : (
        <>
          <Text>{t('imports.rejections.lead')}</Text>
          <Text c="dimmed" size="xs">
            {t('imports.rejections.partial')}
          </Text>
          <Reasons counts={job.rejectedByReason} />
          <DataTable
            name={t('imports.rejections.title')}
            columns={columns}
            rows={rows.items}
            rowKey={(row) => String(row.line)}
            error={rows.error}
            onRetry={() => void rows.refetch()}
            loadMore={rows.loadMore}
            isLoadingMore={rows.isLoadingMore}
            empty={<EmptyLine>{t('imports.rejections.gone')}</EmptyLine>}
          />
        </>
      )}
    </Stack>
  )
}

const Reasons = ({ counts }: { readonly counts: ImportJob['rejectedByReason'] }) => {
  const t = useTexts()
  const most = Object.entries(counts).sort(([, a], [, b]) => b - a)
  return (
    <Group gap={6}>
      {most.map(([reason, count]) => (
        <Badge key={reason} color="gray">
          {t.code('imports.reasons', reason)}: {formatCount(count)}
        </Badge>
      ))}
    </Group>
  )
}

const useColumns = (): readonly Column<ImportRejection>[] => {
  const t = useTexts()
  return [
    {
      id: 'line',
      title: t('imports.rejections.line'),
      numeric: true,
      width: 60,
      value: (row) => row.line,
      cell: (row) => row.line,
    },
    {
      id: 'reason',
      title: t('imports.rejections.reason'),
      value: (row) => `${row.reason} ${row.remedy}`,
      cell: (row) => (
        <Stack gap={0}>
          <Text fw={520}>{row.reason}</Text>
          <Text size="xs" c="dimmed">
            {row.remedy}
          </Text>
        </Stack>
      ),
    },
    {
      id: 'text',
      title: t('imports.rejections.text'),
      value: (row) => row.text,
      cell: (row) => (
        <Code display="block" miw={170} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {row.text}
        </Code>
      ),
    },
  ]
}
