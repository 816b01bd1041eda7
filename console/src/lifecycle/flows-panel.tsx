import { Group, SegmentedControl, Select, TextInput } from '@mantine/core'
import { seesEquity } from '../app/reach.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { EmptyLine } from '../ui/empty-line.tsx'
import { Panel } from '../ui/panel.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { Flows } from './flows.tsx'
import type { LifeCycleView } from './phases.ts'

const dayMs = 86_400_000
const noChoice = { track: 'conversion', from: '', to: '' }

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** Who stood where at one time and where at a later one; both days live in the address. */
export const FlowsPanel = ({ view }: { readonly view: LifeCycleView }) => {
  const t = useTexts()
  const { workspace } = useHere()
  const filters = useUrlFilters(noChoice)
  const until = filters.values.to === '' ? dayOf(view.asOf) : filters.values.to
  const since = filters.values.from === '' ? dayOf(view.asOf - 30 * dayMs) : filters.values.from
  const track = view.tracks.find((one) => one.track === filters.values.track) ?? view.tracks[0]
  const from = Date.parse(`${since}T00:00:00Z`)
  const to = Math.min(Date.parse(`${until}T00:00:00Z`) + dayMs, roundUp(view.asOf))
  const isOrdered = from < to
  return (
    <Panel
      title={t('lifecycle.flows.title')}
      aside={
        <Select
          w={240}
          aria-label={t('lifecycle.flows.track')}
          value={track?.track ?? null}
          onChange={(chosen) => filters.set({ track: chosen ?? noChoice.track })}
          allowDeselect={false}
          data={view.tracks.map((one) => ({ value: one.track, label: one.title }))}
        />
      }
    >
      <Group gap="xs" mb="md" align="flex-end">
        <TextInput
          type="date"
          label={t('lifecycle.flows.from')}
          value={since}
          max={until}
          onChange={(event) => filters.set({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('lifecycle.flows.to')}
          value={until}
          onChange={(event) => filters.set({ to: event.currentTarget.value })}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('lifecycle.flows.period')}
          value={String(Math.round((Date.parse(until) - Date.parse(since)) / dayMs))}
          onChange={(days) => filters.set({ from: dayOf(view.asOf - Number(days) * dayMs), to: '' })}
          data={(['7', '30', '90'] as const).map((days) => ({ value: days, label: t(`lifecycle.flows.days.${days}`) }))}
        />
      </Group>
      {seesEquity(workspace) ? null : <EmptyLine>{t('lifecycle.flows.noMoney')}</EmptyLine>}
      {isOrdered ? null : <EmptyLine>{t('lifecycle.flows.order')}</EmptyLine>}
      {track === undefined || !isOrdered || !seesEquity(workspace) ? null : <Flows track={track} from={from} to={to} />}
    </Panel>
  )
}

/** The present moves; to the hour, so that the question and its answer do not change with every refresh. */
const roundUp = (atMs: number): number => Math.ceil(atMs / 3_600_000) * 3_600_000
