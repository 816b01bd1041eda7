import { segment } from '@baton/contract'
import { Alert, Anchor, Badge, Button, Group, SimpleGrid, Stack, Tabs, Text } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { DeleteButton } from '../ui/delete-button.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatCount } from '../ui/numbers.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Stat } from '../ui/stat.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { VersionHistory } from '../ui/version-history.tsx'
import { ChangesTab } from './changes-tab.tsx'
import { MembersTab } from './members-tab.tsx'
import { useRecentChange } from './recent-change.tsx'
import { ruleSentence } from './rule-sentence.ts'
import { RuleTab } from './rule-tab.tsx'
import { useSentenceWords } from './use-segment-names.ts'

const tabDefaults = { tab: 'members' }

export const SegmentPage = () => {
  const t = useTexts()
  const { workspace } = useHere()
  const { segmentId } = useParams({ from: '/inside/segments/$segmentId' })
  const [isCounting, setCounting] = useState(true)
  const answer = useApi(`/v1/segments/${segmentId}`, segment, { refetchMs: isCounting ? 1_500 : 10_000 })
  const state = answer.data?.state
  useEffect(() => setCounting(state === 'counting'), [state])
  const filters = useUrlFilters(tabDefaults)
  const { tab } = filters.values
  // A rule that is being edited stays while one looks at the members; before, it asks nothing.
  const [wasRuleOpened, setRuleOpened] = useState(tab === 'rule')
  useEffect(() => {
    if (tab === 'rule') setRuleOpened(true)
  }, [tab])
  const words = useSentenceWords()
  const navigate = useNavigate()
  if (answer.data === undefined) {
    return answer.error === null ? (
      <PagePending />
    ) : (
      <>
        <PageHeader title={t('segments.title')} back={{ to: '/segments', label: t('segments.back') }} />
        <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
      </>
    )
  }
  const found = answer.data
  const mayWrite = workspace.permissions.includes('segments:write')
  return (
    <>
      <PageHeader
        title={found.name}
        back={{ to: '/segments', label: t('segments.back') }}
        lead={found.description === '' ? ruleSentence(found.rule, words) : found.description}
        badge={
          <>
            {found.state === 'counting' ? <StateBadge state="counting" /> : null}
            <Badge color="gray">{t('segments.page.version', { version: found.version })}</Badge>
          </>
        }
        actions={
          <>
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/people" search={{ segment: segmentId }} {...props} />}
            >
              {t('segments.page.openPeople')}
            </Button>
            {mayWrite ? (
              <DeleteButton
                path={`/v1/segments/${segmentId}`}
                name={found.name}
                refreshes={[]}
                onDeleted={() => void navigate({ to: '/segments', ignoreBlocker: true })}
                blocked={found.usedBy.length > 0 ? t('segments.page.usedByLead') : undefined}
              />
            ) : null}
          </>
        }
      />
      <Stack>
        {found.state === 'counting' ? (
          <Alert color="blue">
            {t(
              found.count === null && found.version === 1
                ? 'segments.page.countingFirst'
                : 'segments.page.countingLead',
            )}
          </Alert>
        ) : null}
        {found.usedBy.length === 0 ? null : (
          <Group gap={6}>
            <Text c="dimmed">{t('segments.page.usedBy')}</Text>
            {found.usedBy.map((user) => (
              <Anchor
                key={user.segmentId}
                size="sm"
                renderRoot={(props) => (
                  <Link to="/segments/$segmentId" params={{ segmentId: user.segmentId }} {...props} />
                )}
              >
                {user.name}
              </Anchor>
            ))}
          </Group>
        )}
        <Figures segmentId={segmentId} count={found.count} />
        <Tabs
          value={tab}
          onChange={(next) => filters.set({ tab: next ?? 'members' })}
          keepMounted={false}
          keepMountedMode="display-none"
        >
          <Tabs.List aria-label={t('segments.page.tabs')}>
            <Tabs.Tab value="members">{t('segments.page.members')}</Tabs.Tab>
            <Tabs.Tab value="changes">{t('segments.page.changes')}</Tabs.Tab>
            <Tabs.Tab value="rule">{t('segments.page.rule')}</Tabs.Tab>
            <Tabs.Tab value="history">{t('ui.versions.tab')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="members" pt="sm">
            <MembersTab segmentId={segmentId} isCounting={found.state === 'counting'} />
          </Tabs.Panel>
          <Tabs.Panel value="changes" pt="sm">
            <ChangesTab segmentId={segmentId} />
          </Tabs.Panel>
          <Tabs.Panel value="rule" pt="sm" keepMounted={wasRuleOpened}>
            <RuleTab segment={found} mayWrite={mayWrite} />
          </Tabs.Panel>
          <Tabs.Panel value="history" pt="sm">
            <VersionHistory
              path={`/v1/segments/${segmentId}`}
              refreshes={['/v1/segments']}
              mayRestore={mayWrite}
              restoreLead={t('segments.page.restoreLead')}
            />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  )
}

const Figures = ({ segmentId, count }: { readonly segmentId: string; readonly count: number | null }) => {
  const t = useTexts()
  const change = useRecentChange(segmentId)
  const figure = (value: number | undefined, sign: string) =>
    value === undefined ? '…' : value === 0 ? '0' : `${sign}${formatCount(value)}${change?.more ?? ''}`
  return (
    <SimpleGrid cols={3} spacing="sm">
      <Stat label={t('segments.page.now')} value={count === null ? '…' : formatCount(count)} />
      <Stat label={t('segments.page.cameIn')} value={figure(change?.entered, '+')} hint={t('segments.page.last7')} />
      <Stat label={t('segments.page.wentOut')} value={figure(change?.left, '−')} hint={t('segments.page.last7')} />
    </SimpleGrid>
  )
}
