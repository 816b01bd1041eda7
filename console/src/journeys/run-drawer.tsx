import { type JourneyRun, journeyRun, type RunTraceItem } from '@baton/contract'
import { Badge, Code, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import IconClockX from '@tabler/icons-react/dist/esm/icons/IconClockX.mjs'
import IconFlag from '@tabler/icons-react/dist/esm/icons/IconFlag.mjs'
import IconLogin2 from '@tabler/icons-react/dist/esm/icons/IconLogin2.mjs'
import { useApi } from '../api/use-api.ts'
import { PagePending } from '../app/page-pending.tsx'
import { type Texts, useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { PersonName } from '../ui/person-name.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Timeline, type TimelineItem } from '../ui/timeline.tsx'
import { When } from '../ui/when.tsx'
import { iconOf } from './step-icons.ts'
import { isStepKind } from './steps/list.ts'

/** One person's way through the journey: what started it, every step with its outcome, what came too late, the end. */
export const RunDrawer = ({ runId, onClose }: { readonly runId: string | null; readonly onClose: () => void }) => {
  const t = useTexts()
  return (
    <Drawer
      opened={runId !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={t('journeys.runs.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
      attributes={{ header: { role: 'presentation' } }}
    >
      {runId === null ? null : <Run runId={runId} />}
    </Drawer>
  )
}

const Run = ({ runId }: { readonly runId: string }) => {
  const t = useTexts()
  const { data, error, refetch } = useApi(`/v1/runs/${runId}`, journeyRun, { refetchMs: 5_000 })
  if (error !== null) return <ErrorPanel error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <PagePending />
  return (
    <Stack>
      <Group gap="xs">
        <Text fw={600} fz="md" component="div">
          <PersonName personId={data.personId} />
        </Text>
        <StateBadge state={data.state} />
        {data.entryKey === null ? null : <Badge color="gray">{data.entryKey}</Badge>}
        <Badge color="gray">{t('journeys.editor.version', { version: data.version })}</Badge>
      </Group>
      <Title order={3}>{t('journeys.runs.steps')}</Title>
      <Timeline label={t('journeys.runs.steps')} items={itemsOf(data, t)} />
      <Title order={3}>{t('journeys.runs.trigger')}</Title>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {JSON.stringify(data.entryEvent, null, 2)}
      </Code>
    </Stack>
  )
}

/** Newest first, as every timeline. */
const itemsOf = (run: JourneyRun, t: Texts): readonly TimelineItem[] => {
  const begun: TimelineItem = {
    id: 'entered',
    at: run.enteredAt,
    icon: IconLogin2,
    title: t('journeys.runs.enteredAt'),
    tone: 'good',
  }
  const ended: readonly TimelineItem[] =
    run.endedAt === null
      ? []
      : [
          {
            id: 'ended',
            at: run.endedAt,
            icon: IconFlag,
            title: t('journeys.runs.ended'),
            lead: run.reason === null ? undefined : t.code('journeys.exits', run.reason),
            tone: run.state === 'finished' ? 'good' : 'calm',
          },
        ]
  return [begun, ...run.trace.map((item) => traceItem(item, run, t)), ...ended].toReversed()
}

const traceItem = (item: RunTraceItem, run: JourneyRun, t: Texts): TimelineItem => {
  if (item.kind === 'arrived-late') {
    return {
      id: `late ${item.messageId}`,
      at: item.at,
      icon: IconClockX,
      title: t('journeys.runs.late'),
      lead: item.sentence,
      tone: 'wait',
    }
  }
  return {
    id: `step ${item.stepNo}`,
    at: item.at,
    icon: iconOf(isStepKind(item.stepKind) ? item.stepKind : 'unread'),
    title: item.title,
    lead:
      item.outcome === null ? (
        <>
          {t('journeys.runs.stillHere')}
          {run.dueAt === null ? null : (
            <>
              {' · '}
              <When at={run.dueAt} /> {t('journeys.runs.dueBy')}
            </>
          )}
        </>
      ) : (
        t.code('journeys.outcomes', item.outcome)
      ),
    tone: item.outcome === null ? 'busy' : 'calm',
  }
}
