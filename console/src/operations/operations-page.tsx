import { type Operations, operations as operationsSchema } from '@baton/contract'
import { Alert, Code, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, type CallOptions } from '../api/api.ts'
import { type Away, askAgainMs, askOrNamePart, isAway } from '../api/away.ts'
import { apiKey } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { When } from '../ui/when.tsx'
import { AwayPanel } from './away-panel.tsx'
import { DiskPanel } from './disk-panel.tsx'
import { sayDuration } from './durations.ts'
import { EnginesPanel } from './engines-panel.tsx'
import { LedgerPanel } from './ledger-panel.tsx'
import { PartBadge } from './part-badge.tsx'
import { Problems } from './problems.tsx'
import { ProcessesPanel } from './processes-panel.tsx'
import { SetAsidePanel } from './set-aside-panel.tsx'
import { StagesTable } from './stages-table.tsx'

interface Watched {
  /** The newest whole report; null before there is one. */
  readonly report: Operations | null
  /** Null while the whole page can be asked for. */
  readonly away: Away | null
}

/** One page that names the failing part: asked for anew every three seconds, and each time it knows within ten. */
const useOperations = () => {
  const workspaceId = useChosenWorkspaceId()
  return useQuery<Watched>({
    queryKey: [...apiKey(workspaceId, '/v1/operations'), 'watched'],
    queryFn: async ({ client, queryKey, signal }) => {
      const ask = (options: CallOptions) => api.get('/v1/operations', operationsSchema, options)
      const answer = await askOrNamePart(ask, signal)
      if (!isAway(answer)) return { report: answer, away: null }
      return { report: client.getQueryData<Watched>(queryKey)?.report ?? null, away: answer }
    },
    refetchInterval: askAgainMs,
    // The next question comes soon enough; what failed meanwhile must be said, not tried again in silence.
    retry: false,
  })
}

export const OperationsPage = () => {
  const t = useTexts()
  const answer = useOperations()
  const { report = null, away = null } = answer.data ?? {}
  const isStale = away !== null || answer.error !== null
  const state = isStale ? away?.readiness?.state : report?.state
  return (
    <>
      <PageHeader
        title={t('shell.nav.operations')}
        lead={t('operations.lead')}
        badge={state === undefined ? undefined : <PartBadge state={state} />}
      />
      <Stack gap="md">
        {answer.error === null ? null : <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />}
        {away === null ? null : <AwayPanel away={away} onRetry={() => void answer.refetch()} />}
        {isStale && report !== null ? (
          <Text c="dimmed">
            {t('operations.stale')} <When at={report.at} exact />
          </Text>
        ) : null}
        {answer.isPending ? <Loading /> : null}
        {report === null ? null : <Report operations={report} isStale={isStale} />}
      </Stack>
    </>
  )
}

const Report = ({ operations, isStale }: { readonly operations: Operations; readonly isStale: boolean }) => {
  const t = useTexts()
  return (
    <>
      {isStale ? null : <Problems state={operations.state} problems={operations.problems} />}
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
