import type { StageState } from '@baton/contract'
import { Stack, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { formatCount } from '../ui/numbers.ts'
import { When } from '../ui/when.tsx'
import { sayDuration } from './durations.ts'
import { PartBadge } from './part-badge.tsx'

/** As the data flows; what is not named here comes after. */
const flow = ['people', 'policy', 'projection', 'segments', 'journeys', 'messages']
const placeOf = (stage: StageState): number => (flow.includes(stage.stage) ? flow.indexOf(stage.stage) : flow.length)

export const StagesTable = ({ stages }: { readonly stages: readonly StageState[] }) => {
  const t = useTexts()
  const count = (
    id: string,
    title: string,
    value: (stage: StageState) => number,
    wideOnly = false,
  ): Column<StageState> => ({
    id,
    title,
    numeric: true,
    wideOnly,
    value,
    cell: (stage) => (
      <Text span inherit {...(value(stage) === 0 ? { c: 'dimmed' } : {})}>
        {formatCount(value(stage))}
      </Text>
    ),
  })
  const columns: readonly Column<StageState>[] = [
    {
      id: 'stage',
      title: t('operations.stages.stage'),
      value: (stage) => stage.stage,
      cell: (stage) => (
        <Stack gap={0}>
          <Text span inherit fw={520}>
            {t.code('operations.stages.names', stage.stage)}
          </Text>
          {stage.lastFailure === null ? null : (
            <Text span size="xs" c="red" lineClamp={2} title={stage.lastFailure}>
              {stage.lastFailure} <When at={stage.lastFailureAt} />
            </Text>
          )}
        </Stack>
      ),
    },
    {
      id: 'state',
      title: t('operations.stages.state'),
      value: (stage) => stage.state,
      cell: (stage) => <PartBadge state={stage.state} />,
    },
    {
      id: 'lane',
      title: t('operations.stages.lane'),
      value: (stage) => stage.lane,
      cell: (stage) => t(`operations.stages.lanes.${stage.lane}`),
      wideOnly: true,
    },
    count('behind', t('operations.stages.behind'), (stage) => stage.eventsBehind),
    {
      id: 'lag',
      title: t('operations.stages.lag'),
      numeric: true,
      value: (stage) => stage.lagMs,
      cell: (stage) => (
        <Text span inherit {...(stage.lagMs === 0 ? { c: 'dimmed' } : {})}>
          {sayDuration(t, stage.lagMs)}
        </Text>
      ),
    },
    count('position', t('operations.stages.position'), (stage) => stage.position, true),
    count('handled', t('operations.stages.handled'), (stage) => stage.handled, true),
    count('failures', t('operations.stages.failures'), (stage) => stage.failures, true),
    count('quarantined', t('operations.stages.quarantined'), (stage) => stage.quarantinedItems, true),
    {
      id: 'updated',
      title: t('operations.stages.updated'),
      value: (stage) => (stage.updatedAt === null ? null : new Date(stage.updatedAt).toISOString()),
      cell: (stage) => <When at={stage.updatedAt} c="dimmed" />,
      wideOnly: true,
    },
  ]
  return (
    <DataTable
      name={t('operations.stages.table')}
      columns={columns}
      rows={stages.toSorted((a, b) => placeOf(a) - placeOf(b))}
      rowKey={(stage) => `${stage.stage} ${stage.lane}`}
      empty={<EmptyLine>{t('operations.stages.none')}</EmptyLine>}
      toolbar={
        <Text c="dimmed" size="xs">
          {t('operations.stages.lead')}
        </Text>
      }
    />
  )
}
