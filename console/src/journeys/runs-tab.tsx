import { type Journey, journeyCounts, type RunSummary, runSummary, stepMeasure } from '@baton/contract'
import { Anchor, Badge, Button, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApi, useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { formatCount } from '../ui/numbers.ts'
import { PersonName } from '../ui/person-name.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'
import { readDraft } from './editable-draft.ts'
import { RunDrawer } from './run-drawer.tsx'
import { useStepWords } from './use-step-words.ts'

const filterDefaults = { state: '', step: '', measure: '', run: '' }

/** Who is or was in the journey, where they are now, and why they left; each opens her way step by step. */
export const RunsTab = ({ journey }: { readonly journey: Journey }) => {
  const t = useTexts()
  const words = useStepWords()
  const { values, set } = useUrlFilters(filterDefaults)
  const { state, step, measure, run } = values
  const filters = {
    values: { state, step, measure },
    set: (change: Record<string, string>) => set(change),
    clear: () => set({ state: '', step: '', measure: '' }),
    isFiltered: state !== '' || step !== '' || measure !== '',
  }
  const path = `/v1/journeys/${journey.journeyId}/runs`
  const query = { state, step, measure: step === '' ? '' : measure }
  const runs = useApiPages(path, runSummary, {
    query,
    refetchMs: 10_000,
    keep: true,
  })
  const steps = useMemo(
    () =>
      readDraft(journey.published?.definition ?? journey.draft).steps.map(
        (each) => [each.id, words.titleOf(each)] as const,
      ),
    [journey, words],
  )
  const columns = useColumns(new Map(steps), (runId) => set({ run: runId }))
  return (
    <>
      <FilterBar
        filters={filters}
        choices={[
          {
            key: 'state',
            label: t('journeys.runs.state'),
            options: ['active', 'finished', 'exited'].map((value) => ({ value, label: t.code('ui.states', value) })),
          },
          {
            key: 'step',
            label: t('journeys.runs.stepFilter'),
            options: steps.map(([value, label]) => ({ value, label })),
          },
          ...(step === ''
            ? []
            : [
                {
                  key: 'measure' as const,
                  label: t('journeys.runs.measure'),
                  options: stepMeasure.options.map((value) => ({ value, label: t(`journeys.counts.${value}`) })),
                },
              ]),
        ]}
      >
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/messages" search={{ journeyId: journey.journeyId }} {...props} />}
        >
          {t('journeys.runs.messages')}
        </Anchor>
      </FilterBar>
      <DataTable
        name={t('journeys.runs.list')}
        columns={columns}
        rows={runs.items}
        rowKey={(row) => row.runId}
        toolbar={<Balance journeyId={journey.journeyId} />}
        error={runs.error}
        onRetry={() => void runs.refetch()}
        loadMore={runs.loadMore}
        isLoadingMore={runs.isLoadingMore}
        wholeList={useWholeList(path, query)}
        empty={<EmptyLine>{t(filters.isFiltered ? 'ui.noMatch' : 'journeys.runs.empty')}</EmptyLine>}
      />
      <RunDrawer runId={run === '' ? null : run} onClose={() => set({ run: '' })} />
    </>
  )
}

const Balance = ({ journeyId }: { readonly journeyId: string }) => {
  const t = useTexts()
  const { data } = useApi(`/v1/journeys/${journeyId}/counts`, journeyCounts, { refetchMs: 10_000 })
  if (data === undefined) return null
  const exited = data.exited.reduce((sum, { people }) => sum + people, 0)
  return (
    <Group gap="xs">
      <Text size="xs" c={data.balanced ? 'dimmed' : 'var(--mantine-color-error)'} className="baton-numbers">
        {t('journeys.runs.balance', {
          entered: formatCount(data.entered),
          active: formatCount(data.active),
          finished: formatCount(data.finished),
          exited: formatCount(exited),
        })}
      </Text>
      {data.exited.map(({ reason, people }) => (
        <Badge key={reason} color="gray">
          {t.code('journeys.exits', reason)} {formatCount(people)}
        </Badge>
      ))}
    </Group>
  )
}

const useColumns = (
  titles: ReadonlyMap<string, string>,
  onOpen: (runId: string) => void,
): readonly Column<RunSummary>[] => {
  const t = useTexts()
  const titleOf = (stepId: string | null) => (stepId === null ? null : (titles.get(stepId) ?? stepId))
  return [
    { id: 'person', title: t('journeys.runs.person'), cell: (row) => <PersonName personId={row.personId} /> },
    {
      id: 'state',
      title: t('journeys.runs.state'),
      cell: (row) => (
        <Group gap={6} wrap="nowrap">
          <StateBadge state={row.state} />
          {row.arrivedLate > 0 ? <Badge color="yellow">{t('journeys.runs.late')}</Badge> : null}
        </Group>
      ),
      value: (row) => row.state,
    },
    {
      id: 'at',
      title: t('journeys.runs.at'),
      cell: (row) =>
        row.stepId === null ? (
          <Text span inherit c="dimmed">
            {row.reason === null ? '' : t.code('journeys.exits', row.reason)}
          </Text>
        ) : (
          titleOf(row.stepId)
        ),
      value: (row) => titleOf(row.stepId) ?? row.reason,
    },
    {
      id: 'due',
      title: t('journeys.runs.due'),
      wideOnly: true,
      cell: (row) => (row.dueAt === null ? null : <When at={row.dueAt} c="dimmed" />),
      value: (row) => (row.dueAt === null ? null : new Date(row.dueAt).toISOString()),
    },
    {
      id: 'key',
      title: t('journeys.runs.key'),
      wideOnly: true,
      cell: (row) => row.entryKey,
      value: (row) => row.entryKey,
    },
    {
      id: 'entered',
      title: t('journeys.runs.enteredAt'),
      wideOnly: true,
      cell: (row) => <When at={row.enteredAt} />,
      value: (row) => new Date(row.enteredAt).toISOString(),
    },
    {
      id: 'trace',
      title: t('journeys.runs.steps'),
      cell: (row) => (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={t('journeys.runs.traceOf')}
          onClick={() => onOpen(row.runId)}
        >
          {t('journeys.runs.trace')}
        </Button>
      ),
    },
  ]
}
