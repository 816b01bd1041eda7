import { type MessageSummary, messageReason, messageState, messageSummary } from '@baton/contract'
import { Anchor, Badge, Button, CloseButton, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import IconSend from '@tabler/icons-react/dist/esm/icons/IconSend.mjs'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PersonName } from '../ui/person-name.tsx'
import { ReasonText } from '../ui/reason-text.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { useUrlFilters } from '../ui/url-filters.ts'
import { When } from '../ui/when.tsx'
import { LedgerLine } from './ledger-line.tsx'
import { MessagesTabs } from './messages-tabs.tsx'
import { ReasonsSummary } from './reasons-summary.tsx'
import { useJourneyNames } from './use-journey-names.ts'

const filterDefaults = { state: '', reason: '', journeyId: '', personId: '', from: '' }

export const MessagesPage = () => {
  const t = useTexts()
  const filters = useUrlFilters(filterDefaults)
  const journeys = useJourneyNames()
  const columns = useColumns(journeys)
  const messages = useApiPages('/v1/messages', messageSummary, {
    query: filters.values,
    refetchMs: 5_000,
    keep: true,
  })
  return (
    <>
      <PageHeader title={t('messages.title')} lead={t('messages.lead')} />
      <MessagesTabs at="messages" />
      <Stack>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
          <LedgerLine />
          <ReasonsSummary onChoose={(reason, from) => filters.set({ reason, state: '', from: String(from) })} />
        </SimpleGrid>
        <div>
          <FilterBar
            filters={filters}
            choices={[
              {
                key: 'state',
                label: t('messages.state'),
                options: messageState.options.map((value) => ({ value, label: t.code('ui.states', value) })),
              },
              {
                key: 'reason',
                label: t('messages.reason'),
                options: messageReason.options.map((value) => ({ value, label: t.code('reasons', value) })),
              },
              {
                key: 'journeyId',
                label: t('messages.journey'),
                options: [...journeys].map(([value, label]) => ({ value, label })),
              },
            ]}
          >
            {filters.values.from === '' ? null : (
              <OnlySince at={Number(filters.values.from)} onClear={() => filters.set({ from: '' })} />
            )}
            {filters.values.personId === '' ? null : (
              <OnlyPerson personId={filters.values.personId} onClear={() => filters.set({ personId: '' })} />
            )}
          </FilterBar>
          <DataTable
            name={t('messages.list')}
            columns={columns}
            rows={messages.items}
            rowKey={(row) => row.messageId}
            rowTo={(row) => `/messages/${row.messageId}`}
            error={messages.error}
            onRetry={() => void messages.refetch()}
            loadMore={messages.loadMore}
            isLoadingMore={messages.isLoadingMore}
            wholeList={useWholeList('/v1/messages', filters.values)}
            empty={
              filters.isFiltered ? (
                <EmptyLine>{t('ui.noMatch')}</EmptyLine>
              ) : (
                <EmptyState
                  icon={IconSend}
                  title={t('messages.empty.title')}
                  lead={t('messages.empty.lead')}
                  action={
                    <Button renderRoot={(props) => <Link to="/journeys" {...props} />}>
                      {t('messages.empty.action')}
                    </Button>
                  }
                />
              )
            }
          />
        </div>
      </Stack>
    </>
  )
}

const OnlySince = ({ at, onClear }: { readonly at: number; readonly onClear: () => void }) => {
  const t = useTexts()
  return (
    <Badge
      color="baton"
      rightSection={<CloseButton size="xs" iconSize={12} aria-label={t('messages.anyTime')} onClick={onClear} />}
    >
      {t('messages.since')} <When at={at} exact />
    </Badge>
  )
}

const OnlyPerson = ({ personId, onClear }: { readonly personId: string; readonly onClear: () => void }) => {
  const t = useTexts()
  return (
    <Badge
      color="baton"
      rightSection={<CloseButton size="xs" iconSize={12} aria-label={t('ui.clearFilters')} onClick={onClear} />}
    >
      <PersonName personId={personId} plain />
    </Badge>
  )
}

const outcomesOf = (row: MessageSummary) =>
  [
    row.bouncedAt === null ? null : ('bounced' as const),
    row.repliedAt === null ? null : ('replied' as const),
    row.clickedAt === null ? null : ('clicked' as const),
    row.openedAt === null ? null : ('opened' as const),
  ].filter((each) => each !== null)

const useColumns = (journeys: ReadonlyMap<string, string>): readonly Column<MessageSummary>[] => {
  const t = useTexts()
  return useMemo(
    () => [
      {
        id: 'to',
        title: t('messages.to'),
        cell: (row) => row.to ?? <PersonName personId={row.personId} plain />,
        value: (row) => row.to ?? row.personId,
      },
      {
        id: 'state',
        title: t('messages.state'),
        cell: (row) => (
          <>
            <Group gap={6}>
              <StateBadge state={row.state} />
              {outcomesOf(row)
                .slice(0, 2)
                .map((outcome) => (
                  <StateBadge key={outcome} state={outcome} />
                ))}
            </Group>
            <Text size="xs" c="dimmed" hiddenFrom="sm">
              <ReasonText reason={row.reason} />
            </Text>
          </>
        ),
        value: (row) => row.state,
      },
      {
        id: 'reason',
        title: t('messages.reason'),
        wideOnly: true,
        cell: (row) => (
          <Group gap={5}>
            <ReasonText reason={row.reason} />
            {row.heldUntil === null ? null : (
              <Text span inherit c="dimmed">
                {t('messages.heldUntil')} <When at={row.heldUntil} />
              </Text>
            )}
          </Group>
        ),
        value: (row) => row.reason,
      },
      {
        id: 'subject',
        title: t('messages.subject'),
        wideOnly: true,
        cell: (row) =>
          row.subject === null ? (
            <Text span inherit c="dimmed">
              {t('messages.noSubject')}
            </Text>
          ) : (
            <Text span inherit lineClamp={1}>
              {row.subject}
            </Text>
          ),
        value: (row) => row.subject,
      },
      {
        id: 'journey',
        title: t('messages.journey'),
        wideOnly: true,
        cell: ({ journeyId }) =>
          journeyId === null ? (
            t('messages.byForm')
          ) : (
            <Anchor
              inherit
              renderRoot={(props) => <Link to="/journeys/$journeyId" params={{ journeyId }} {...props} />}
            >
              {journeys.get(journeyId) ?? journeyId.slice(0, 8)}
            </Anchor>
          ),
        value: ({ journeyId }) => (journeyId === null ? t('messages.byForm') : (journeys.get(journeyId) ?? journeyId)),
      },
      {
        id: 'planned',
        title: t('messages.planned'),
        wideOnly: true,
        cell: (row) => <When at={row.plannedAt} c="dimmed" />,
        value: (row) => new Date(row.plannedAt).toISOString(),
      },
    ],
    [t, journeys],
  )
}
