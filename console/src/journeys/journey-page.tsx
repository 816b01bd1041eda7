import { journey } from '@baton/contract'
import { Badge, Group, Tabs, Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { DeleteButton } from '../ui/delete-button.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatCount } from '../ui/numbers.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { HistoryTab } from './history-tab.tsx'
import { JourneyEditor } from './journey-editor.tsx'
import { RunsTab } from './runs-tab.tsx'
import { StatusActions } from './status-actions.tsx'
import { whyReadOnly } from './why-read-only.ts'

const tabDefaults = { tab: 'build' }

export const JourneyPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { journeyId } = useParams({ from: '/inside/journeys/$journeyId' })
  const answer = useApi(`/v1/journeys/${journeyId}`, journey, { refetchMs: 10_000 })
  const { values, set } = useUrlFilters(tabDefaults)
  const navigate = useNavigate()
  const back = { to: '/journeys', label: t('journeys.title') }
  if (answer.data === undefined) {
    return answer.error === null ? (
      <PagePending />
    ) : (
      <>
        <PageHeader title={t('journeys.title')} back={back} />
        <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
      </>
    )
  }
  const found = answer.data
  const readOnly = whyReadOnly(workspace, found.phase)
  const mayEdit = readOnly === null
  return (
    <>
      <PageHeader
        title={found.name}
        back={back}
        badge={
          <>
            <StateBadge state={found.status} />
            <Badge color="gray">
              {found.version === null
                ? t('journeys.editor.neverPublished')
                : t('journeys.editor.version', { version: found.version })}
            </Badge>
            {found.version !== null && found.changed ? <Badge color="yellow">{t('journeys.unpublished')}</Badge> : null}
          </>
        }
        actions={
          mayEdit ? (
            <>
              <StatusActions journey={found} />
              {found.status === 'draft' || found.status === 'stopped' ? (
                <DeleteButton
                  path={`/v1/journeys/${journeyId}`}
                  name={found.name}
                  refreshes={[]}
                  onDeleted={() => void navigate({ to: '/journeys' })}
                />
              ) : null}
            </>
          ) : null
        }
      />
      <Tabs value={values.tab} onChange={(tab) => set({ tab: tab ?? 'build' })} keepMounted={false} mt={-6}>
        <Tabs.List aria-label={t('journeys.editor.tabs')} mb="sm">
          <Tabs.Tab value="build">{t('journeys.editor.build')}</Tabs.Tab>
          <Tabs.Tab value="people">
            <Group gap={6}>
              {t('journeys.editor.people')}
              <Text span size="xs" c="dimmed" className="baton-numbers">
                {formatCount(found.entered)}
              </Text>
            </Group>
          </Tabs.Tab>
          <Tabs.Tab value="history">{t('ui.versions.tab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="build">
          <JourneyEditor key={journeyId} journey={found} readOnly={readOnly} />
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <RunsTab journey={found} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab journey={found} mayEdit={mayEdit} onRestored={() => set({ tab: 'build' })} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
