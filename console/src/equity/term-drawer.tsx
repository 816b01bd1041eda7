import { type EquityPerson, type EquityTerm, equityPeople, equityPerson } from '@baton/contract'
import { Drawer, Text } from '@mantine/core'
import { useApi, useApiPages } from '../api/use-api.ts'
import { useWholeList } from '../app/use-whole-list.ts'
import { useTexts } from '../texts/use-texts.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyLine } from '../ui/empty-line.tsx'
import { toMajor } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import type { Period } from './use-period.ts'

interface TermDrawerProps {
  readonly term: EquityTerm | null
  readonly period: Period
  readonly onClose: () => void
}

/** The people behind a term of the statement, most first. */
export const TermDrawer = ({ term, period, onClose }: TermDrawerProps) => {
  const t = useTexts()
  return (
    <Drawer
      opened={term !== null}
      onClose={onClose}
      position="right"
      size="md"
      title={term === null ? '' : t(`equity.people.titles.${term}`)}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
      attributes={{ header: { role: 'presentation' } }}
    >
      {term === null ? null : <People term={term} period={period} />}
    </Drawer>
  )
}

const People = ({ term, period }: { readonly term: EquityTerm; readonly period: Period }) => {
  const t = useTexts()
  const query = { ...period.query, term }
  const people = useApiPages('/v1/equity/people', equityPerson, { query })
  const counted = useApi('/v1/equity/people', equityPeople, { query: { ...query, limit: 1 } })
  const currency = counted.data?.currency
  const moneyOf = (row: EquityPerson) =>
    row.revenueMinor === null || currency === undefined ? null : { minor: row.revenueMinor, currency }
  const columns: readonly Column<EquityPerson>[] = [
    {
      id: 'person',
      title: t('equity.people.person'),
      cell: (row) => row.title ?? t('equity.people.hidden'),
      value: (row) => row.title,
    },
    {
      id: 'amount',
      title: t('equity.people.amount'),
      numeric: true,
      cell: (row) => <MoneyText value={moneyOf(row)} />,
      value: (row) => {
        const money = moneyOf(row)
        return money === null ? null : toMajor(money)
      },
    },
  ]
  return (
    <DataTable
      name={t(`equity.people.titles.${term}`)}
      columns={columns}
      rows={people.items}
      rowKey={(row) => row.personId}
      rowTo={(row) => `/people/${row.personId}`}
      error={people.error}
      onRetry={() => void people.refetch()}
      loadMore={people.loadMore}
      isLoadingMore={people.isLoadingMore}
      wholeList={useWholeList('/v1/equity/people', query)}
      toolbar={
        counted.data === undefined ? undefined : (
          <Text size="xs" c="dimmed">
            {t('equity.people.heads', { count: counted.data.heads })}
          </Text>
        )
      }
      empty={<EmptyLine>{t('equity.people.none')}</EmptyLine>}
    />
  )
}
