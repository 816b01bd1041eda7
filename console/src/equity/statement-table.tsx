import type { CostTermView, CustomerTermView, EquityStatement, EquityTerm } from '@baton/contract'
import { Anchor, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { formatMoney } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { formatCount } from '../ui/numbers.ts'
import { costsLink, termLink } from './period-links.ts'
import type { Period } from './use-period.ts'

interface StatementTableProps {
  readonly statement: EquityStatement
  readonly period: Period
}

/** Each term opens to the people or the costs behind it. */
export const StatementTable = ({ statement, period }: StatementTableProps) => {
  const t = useTexts()
  const { currency, result } = statement
  return (
    <>
      <Table.ScrollContainer minWidth={300}>
        <Table className="baton-numbers" aria-label={t('equity.statement.title')} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('equity.statement.term')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('equity.statement.heads')}
              </Table.Th>
              <Table.Th scope="col" ta="end" visibleFrom="sm">
                {t('equity.statement.average')}
              </Table.Th>
              <Table.Th scope="col" ta="end">
                {t('equity.statement.amount')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <CustomerRow term="new" of={statement.new} text="new" {...{ currency, period }} />
            <CostRow kind="acquisition" of={statement.acquisitionCosts} {...{ currency, period }} />
            <CustomerRow term="old" of={statement.old} text="old" {...{ currency, period }} />
            <CostRow kind="servicing" of={statement.servicingCosts} {...{ currency, period }} />
            <CustomerRow term="churned" of={statement.churned} text="churned" sign={-1} {...{ currency, period }} />
            {statement.returnsOnly.heads === 0 ? null : (
              <CustomerRow
                term="returns-only"
                of={statement.returnsOnly}
                text="returnsOnly"
                {...{ currency, period }}
              />
            )}
            <Table.Tr fw={620}>
              <Table.Th scope="row">{t(`equity.result.${result.kind}`)}</Table.Th>
              <Table.Td />
              <Table.Td visibleFrom="sm" />
              <Table.Td ta="end">
                <MoneyText value={{ minor: result.minor, currency }} />
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Notes statement={statement} />
    </>
  )
}

const Notes = ({ statement }: { readonly statement: EquityStatement }) => {
  const t = useTexts()
  const { churn, guests, currency } = statement
  return (
    <Text size="xs" c="dimmed" mt="xs" component="div">
      {t('equity.statement.orders', { count: statement.orders })}{' '}
      {guests.orders === 0
        ? null
        : t('equity.statement.guests', {
            count: guests.orders,
            amount: formatMoney({ minor: guests.revenueMinor, currency }),
          })}
      {churn.kind === 'known' ? null : <p>{churn.sentence}</p>}
    </Text>
  )
}

interface CustomerRowProps {
  readonly term: EquityTerm
  readonly text: 'new' | 'old' | 'churned' | 'returnsOnly'
  readonly of: CustomerTermView
  readonly currency: string
  readonly period: Period
  readonly sign?: -1
}

const CustomerRow = ({ term, text, of, currency, period, sign }: CustomerRowProps) => {
  const t = useTexts()
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Anchor
          inherit
          fw={520}
          renderRoot={(props) => <Link to={termLink(term, period)} resetScroll={false} {...props} />}
        >
          {t(`equity.statement.${text}`)}
        </Anchor>
        <Text size="xs" c="dimmed">
          {t(`equity.statement.${text}Hint`)}
        </Text>
      </Table.Th>
      <Table.Td ta="end">{formatCount(of.heads)}</Table.Td>
      <Table.Td ta="end" visibleFrom="sm">
        <MoneyText value={of.averageMinor === null ? null : { minor: of.averageMinor, currency }} />
      </Table.Td>
      <Table.Td ta="end">
        <MoneyText value={{ minor: of.revenueMinor * (sign ?? 1) + 0, currency }} />
      </Table.Td>
    </Table.Tr>
  )
}

interface CostRowProps {
  readonly kind: 'acquisition' | 'servicing'
  readonly of: CostTermView
  readonly currency: string
  readonly period: Period
}

const CostRow = ({ kind, of, currency, period }: CostRowProps) => {
  const t = useTexts()
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Anchor inherit fw={520} renderRoot={(props) => <Link to={costsLink(kind, period)} {...props} />}>
          {t(`equity.statement.${kind}`)}
        </Anchor>
        {of.entries === 0 ? null : (
          <Text size="xs" c="dimmed">
            {t('equity.statement.entries', { count: of.entries })}
            {of.unconverted === 0 ? null : `, ${t('equity.statement.noRateEntries', { count: of.unconverted })}`}
          </Text>
        )}
      </Table.Th>
      <Table.Td />
      <Table.Td visibleFrom="sm" />
      <Table.Td ta="end">
        {of.entries === 0 ? (
          <Text span inherit c="dimmed">
            {t(of.unconverted === 0 ? 'equity.statement.notEntered' : 'equity.statement.noRate')}
          </Text>
        ) : (
          <MoneyText value={{ minor: 0 - of.amountMinor, currency }} />
        )}
      </Table.Td>
    </Table.Tr>
  )
}
