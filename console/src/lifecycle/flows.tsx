import { type LifeCycleFlow, lifeCycleFlows } from '@baton/contract'
import { Group, Skeleton, Text } from '@mantine/core'
import { useApi } from '../api/use-api.ts'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { Sankey } from '../ui/charts/sankey.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { formatMoney } from '../ui/money.ts'
import { dateOnly } from '../ui/relative-time.ts'
import { depthOf, directionOf, type StateView, type TrackView } from './phases.ts'

const newcomers = 'newcomers'

type FlowTrack = Pick<TrackView, 'track' | 'title'> & {
  readonly states: readonly Pick<StateView, 'state' | 'title' | 'phase'>[]
}

interface FlowsProps {
  readonly track: FlowTrack
  readonly from: number
  readonly to: number
}

/** The picture of who moved on one track between two instants, asked for and drawn. */
export const Flows = ({ track, from, to }: FlowsProps) => {
  const t = useTexts()
  const { workspace } = useHere()
  const flows = useApi('/v1/life-cycle/flows', lifeCycleFlows, { query: { track: track.track, from, to }, keep: true })
  if (flows.data === undefined) {
    if (flows.error !== null) return <ErrorPanel error={flows.error} onRetry={() => void flows.refetch()} />
    return <Skeleton height={300} role="status" aria-label={t('ui.loading')} />
  }
  const top = track.states.toSorted((a, b) => depthOf(track.states, b.state) - depthOf(track.states, a.state))
  const nodes = [0, 1].flatMap((column) => [
    ...top.map((state) => ({ id: `${column} ${state.state}`, label: state.title, column })),
    ...(column === 0 ? [{ id: `0 ${newcomers}`, label: t('lifecycle.flows.newcomers'), column }] : []),
  ])
  const links = flows.data.map((flow) => ({
    from: `0 ${flow.from ?? newcomers}`,
    to: `1 ${flow.to}`,
    people: flow.people,
    valueMinor: flow.valueMinor,
    direction: directionOf(track.states, flow.from, flow.to),
  }))
  if (links.length === 0) return <EmptyLine>{t('lifecycle.flows.none')}</EmptyLine>
  return (
    <>
      <Moves flows={flows.data} track={track} />
      <Sankey
        label={t('lifecycle.flows.label', {
          track: track.title,
          from: dateOnly(from, workspace.timeZone),
          to: dateOnly(to, workspace.timeZone),
        })}
        nodes={nodes}
        links={links}
        formatValue={(minor) => formatMoney({ minor, currency: workspace.currency })}
        nodeTo={(node) => (node.column === 1 ? `/people?state=${track.track}:${node.id.slice(2)}` : undefined)}
      />
    </>
  )
}

const Moves = ({ flows, track }: { readonly flows: readonly LifeCycleFlow[]; readonly track: FlowTrack }) => {
  const t = useTexts()
  const heads = (direction: 'up' | 'level' | 'down'): number =>
    flows
      .filter((flow) => directionOf(track.states, flow.from, flow.to) === direction)
      .reduce((sum, flow) => sum + flow.people, 0)
  return (
    <Group gap="md" mb="sm">
      <Text fw={550} c="var(--mantine-color-teal-text)">
        {t('lifecycle.flows.up', { count: heads('up') })}
      </Text>
      <Text c="dimmed">{t('lifecycle.flows.stayed', { count: heads('level') })}</Text>
      <Text fw={550} c="var(--mantine-color-red-text)">
        {t('lifecycle.flows.down', { count: heads('down') })}
      </Text>
      <Text c="dimmed" size="xs" ml="auto">
        {t('lifecycle.people', { count: flows.reduce((sum, flow) => sum + flow.people, 0) })}
      </Text>
    </Group>
  )
}
