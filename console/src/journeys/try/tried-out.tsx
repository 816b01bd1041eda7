import type { JourneySimulation, SimulatedRun } from '@baton/contract'
import { Alert, Badge, Group, Stack, Table, Text } from '@mantine/core'
import { useHere } from '../../app/session-context.ts'
import { useTexts } from '../../texts/use-texts.ts'
import { exactTime } from '../../ui/relative-time.ts'
import { SaidText } from '../../ui/said-text.tsx'
import { StateBadge } from '../../ui/state-badge.tsx'
import { When } from '../../ui/when.tsx'
import { useEditor } from '../editor-context.ts'
import { formatElapsed } from './elapsed.ts'
import { messageOutcomes, type WayRow, wayRowsOf } from './way-rows.ts'

/** Her way, run by run: a table for everybody, while the boxes of the canvas carry the numbers. */
export const TriedOut = ({ answer }: { readonly answer: JourneySimulation }) => {
  const t = useTexts()
  return (
    <Stack gap="sm" role="status" aria-label={t('journeys.try.result')}>
      {answer.keptOut === null ? null : (
        <Alert color="yellow" title={t('journeys.try.keptOut')}>
          {t(`journeys.try.why.${answer.keptOut}`)}
        </Alert>
      )}
      {answer.runs.map((run, index) => (
        <TriedRun key={run.enteredAt + (run.entryKey ?? '')} run={run} number={index + 1} startAt={answer.startAt} />
      ))}
      {answer.cut ? (
        <Text size="sm" c="dimmed">
          {t('journeys.try.cut')}
        </Text>
      ) : null}
    </Stack>
  )
}

interface TriedRunProps {
  readonly run: SimulatedRun
  readonly number: number
  readonly startAt: number
}

const TriedRun = ({ run, number, startAt }: TriedRunProps) => {
  const t = useTexts()
  const { sent, held, dropped } = messageOutcomes(run)
  return (
    <div>
      <Group gap={6} mb={4}>
        <StateBadge state={run.state} />
        {run.entryKey === null ? null : <Badge color="gray">{run.entryKey}</Badge>}
        <Text size="sm">{t('journeys.try.messages', { sent, held, dropped })}</Text>
      </Group>
      <Table aria-label={t('journeys.try.way', { number })} layout="fixed" fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={104}>{t('journeys.try.when')}</Table.Th>
            <Table.Th>{t('journeys.try.what')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {wayRowsOf(run).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of an answer never change
            <Table.Tr key={index}>
              <Table.Td style={{ verticalAlign: 'top' }}>
                <Moment at={row.at} startAt={startAt} />
              </Table.Td>
              <Table.Td style={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}>
                <What row={row} run={run} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

const Moment = ({ at, startAt }: { readonly at: number; readonly startAt: number }) => {
  const { workspace } = useHere()
  return (
    <time dateTime={new Date(at).toISOString()}>
      <Text span fz="sm" className="baton-numbers" display="block">
        +{formatElapsed(at - startAt)}
      </Text>
      <Text span fz="xs" c="dimmed" display="block">
        {exactTime(at, workspace.timeZone)}
      </Text>
    </time>
  )
}

const What = ({ row, run }: { readonly row: WayRow; readonly run: SimulatedRun }) => {
  const t = useTexts()
  const { draft, words } = useEditor()
  if (row.kind === 'end') return <Text fz="sm">{t.code('journeys.exits', row.reason)}</Text>
  if (row.kind === 'late')
    return (
      <>
        <Text fz="sm">{t('journeys.runs.late')}</Text>
        <Text fz="xs" c="dimmed">
          {row.late.sentence}
        </Text>
      </>
    )
  if (row.kind === 'decision') {
    const { outcome, sentence, until } = row.decision
    return (
      <>
        <Group gap={6}>
          <StateBadge state={outcome} />
          {until === null ? null : (
            <Text fz="xs" span>
              {t('journeys.try.until')} <When at={until} exact />
            </Text>
          )}
        </Group>
        <Text fz="xs" c="dimmed" component="div">
          <SaidText>{sentence}</SaidText>
        </Text>
      </>
    )
  }
  const { step } = row
  const known = draft.steps.find(({ id }) => id === step.stepId)
  return (
    <>
      <Text fz="sm" fw={520}>
        {step.stepNo}. {known === undefined ? step.title : words.titleOf(known)}
      </Text>
      <Text fz="xs" c="dimmed">
        {step.outcome === null ? t('journeys.runs.stillHere') : t.code('journeys.outcomes', step.outcome)}
        {step.outcome === null && run.dueAt !== null ? ` · ${t('journeys.try.due')}` : ''}
      </Text>
    </>
  )
}
