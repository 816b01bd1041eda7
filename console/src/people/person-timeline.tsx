import { type Person, type TimelineItem, timelineItem, timelineKind } from '@baton/contract'
import { Anchor, Badge, Button, Chip, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { PrettyPayload } from '../collect/payload-view.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { WholeListMenu } from '../ui/csv-button.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { Panel } from '../ui/panel.tsx'
import { ReasonText } from '../ui/reason-text.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Timeline, type TimelineItem as TimelineEntry } from '../ui/timeline.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { eventSummary } from './event-summary.ts'
import { timelineLook } from './timeline-look.ts'
import { UndoMerge } from './undo-merge.tsx'

const noKinds = { kinds: '' }

/** One line of time over everything that happened to her and was done for her; the kinds shown live in the address. */
export const PersonTimeline = ({ person }: { readonly person: Person }) => {
  const t = useTexts()
  const { values, set } = useUrlFilters(noKinds)
  const kinds = values.kinds === '' ? [] : values.kinds.split(',')
  const entries = useApiPages(`/v1/people/${person.personId}/timeline`, timelineItem, {
    query: { kinds: values.kinds, limit: 40 },
    keep: true,
    refetchMs: 10_000,
  })
  return (
    <Panel
      title={t('people.timeline.title')}
      aside={
        <WholeListMenu
          name={`${t('people.timeline.title')} ${person.title}`}
          wholeList={useWholeList(`/v1/people/${person.personId}/timeline`, { kinds: values.kinds })}
        />
      }
    >
      <Chip.Group multiple value={kinds} onChange={(chosen) => set({ kinds: chosen.join(',') })}>
        <Group gap={6} mb="md" role="group" aria-label={t('people.timeline.show')}>
          {timelineKind.options.map((kind) => (
            <Chip key={kind} value={kind} size="xs" variant="outline">
              {t(`people.timeline.kinds.${kind}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Entries entries={entries} person={person} />
    </Panel>
  )
}

interface EntriesProps {
  readonly entries: ReturnType<typeof useApiPages<typeof timelineItem>>
  readonly person: Person
}

const Entries = ({ entries, person }: EntriesProps) => {
  const t = useTexts()
  if (entries.items === undefined) {
    if (entries.error !== null) return <ErrorPanel error={entries.error} onRetry={() => void entries.refetch()} />
    return (
      <Stack gap="sm" role="status" aria-label={t('ui.loading')}>
        {[70, 84, 60, 78].map((width) => (
          <Skeleton key={width} height={30} width={`${width}%`} />
        ))}
      </Stack>
    )
  }
  return (
    <>
      <Timeline
        label={t('people.timeline.label', { name: person.title })}
        items={entries.items.map((item) => toEntry(item, person))}
        empty={<EmptyLine>{t('people.timeline.nothing')}</EmptyLine>}
      />
      {entries.loadMore === undefined ? null : (
        <Button variant="default" fullWidth onClick={entries.loadMore} loading={entries.isLoadingMore}>
          {t('ui.loadMore')}
        </Button>
      )}
    </>
  )
}

const toEntry = (item: TimelineItem, person: Person): TimelineEntry => ({
  id: item.id,
  at: item.at,
  ...timelineLook(item),
  title: <Title item={item} />,
  lead: <Lead item={item} person={person} />,
  ...(Object.keys(payloadOf(item)).length === 0 ? {} : { details: <Details item={item} /> }),
})

const Title = ({ item }: { readonly item: TimelineItem }) => {
  const t = useTexts()
  const { state, track } = item.data
  return (
    <Group gap={8} component="span">
      {item.kind === 'life-cycle' && typeof track === 'string' ? (
        <Text span inherit c="dimmed" fw={400}>
          {t.code('people.tracks', track)}
        </Text>
      ) : null}
      {item.link === null ? (
        item.title
      ) : (
        <Anchor inherit c="inherit" renderRoot={(props) => <Link to={item.link ?? '/'} {...props} />}>
          {item.title}
        </Anchor>
      )}
      {item.kind === 'event' && item.detail !== null ? (
        <Tooltip label={item.detail}>
          <Badge size="xs" color="gray">
            {t('live.historic')}
          </Badge>
        </Tooltip>
      ) : null}
      {item.kind === 'message' && typeof state === 'string' ? <StateBadge state={state} size="sm" /> : null}
    </Group>
  )
}

const Lead = ({ item, person }: { readonly item: TimelineItem; readonly person: Person }) => {
  const { reason, mergeId } = item.data
  const merge = person.merges.find((one) => one.mergeId === mergeId)
  return (
    <Stack gap={4} align="flex-start">
      {item.kind === 'event' ? <Summary item={item} /> : <span>{item.detail}</span>}
      {item.kind === 'message' && typeof reason === 'string' && item.detail === null ? (
        <ReasonText reason={reason} />
      ) : null}
      {item.kind === 'merge' && merge !== undefined && merge.undoneAt === null ? (
        <UndoMerge mergeId={merge.mergeId} />
      ) : null}
    </Stack>
  )
}

/** What an event was about, in a line. */
const Summary = ({ item }: { readonly item: TimelineItem }) => {
  const said = eventSummary(payloadOf(item))
  return said === '' ? null : <span>{said}</span>
}

/** Kinds whose entry says everything, or leads to where it stands. */
const told = new Set<TimelineItem['kind']>(['merge', 'message', 'life-cycle'])

/** An event's properties; of segments and journeys what their room added. */
const payloadOf = (item: TimelineItem): Readonly<Record<string, unknown>> => {
  if (told.has(item.kind)) return {}
  const { properties } = item.data
  if (item.kind !== 'event') return item.data
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? properties : {}
}

const Details = ({ item }: { readonly item: TimelineItem }) => {
  const t = useTexts()
  return <PrettyPayload value={payloadOf(item)} label={t('people.timeline.payload', { name: item.title })} />
}
