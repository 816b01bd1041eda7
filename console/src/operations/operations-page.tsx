import { type Operations, operations as operationsSchema } from '@baton/contract'
import { Alert, Code, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useApi } from '../api/use-api.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import { DiskPanel } from './disk-panel.tsx'
import { sayDuration } from './durations.ts'
import { EnginesPanel } from './engines-panel.tsx'
import { LedgerPanel } from './ledger-panel.tsx'
import { PartBadge } from './part-badge.tsx'
import { Problems } from './problems.tsx'
import { ProcessesPanel } from './processes-panel.tsx'
import { SetAsidePanel } from './set-aside-panel.tsx'
import { StagesTable } from './stages-table.tsx'

const everyMs = 3_000

/** One page that names the failing part: asked for anew every three seconds. */
export const OperationsPage = () => {
  const t = useTexts()
  const answer = useApi('/v1/operations', operationsSchema, { refetchMs: everyMs })
  const { data } = answer
  return (
    <>
      <PageHeader
        title={t('shell.nav.operations')}
        lead={t('operations.lead')}
        badge={data === undefined || answer.error !== null ? undefined : <PartBadge state={data.state} />}
      />
      <Stack gap="md">
        {answer.error === null ? null : (
          <>
            <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
            {data === undefined ? null : (
              <Text c="dimmed">
                {t('operations.unreachable')} <When at={data.at} exact />
              </Text>
            )}
          </>
        )}
        {data === undefined ? (
          answer.error === null && <Loading />
        ) : (
          <Report operations={data} isStale={answer.error !== null} />
        )}
      </Stack>
    </>
  )
}

const Report = ({ operations, isStale }: { readonly operations: Operations; readonly isStale: boolean }) => {
  const t = useTexts()
  return (
    <>
      {isStale ? null : <Problems operations={operations} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        <EnginesPanel engines={operations.engines} />
        <ProcessesPanel processes={operations.processes} workers={operations.workers} />
        <Stack gap="md">
          <LedgerPanel ledger={operations.ledger} />
          {operations.disk === null ? null : <DiskPanel disk={operations.disk} />}
        </Stack>
      </SimpleGrid>
      <Panel title={t('operations.stages.title')}>
        <StagesTable stages={operations.stages} />
      </Panel>
      <SetAsidePanel stages={operations.stages} setAside={operations.setAside} />
      {operations.longWrites.length === 0 ? null : (
        <Panel title={t('operations.longWrites.title')}>
          {operations.longWrites.map((write) => (
            <Alert key={write.pid} color="yellow" py="xs">
              <Text>{t('operations.longWrites.line', { pid: write.pid, time: sayDuration(t, write.forMs) })}</Text>
              <Code block>{write.query}</Code>
            </Alert>
          ))}
        </Panel>
      )}
    </>
  )
}

const Loading = () => {
  const t = useTexts()
  return (
    <Stack role="status" aria-label={t('ui.loading')}>
      <Skeleton height={64} />
      <Skeleton height={180} />
      <Skeleton height={260} />
    </Stack>
  )
}
