import type { EquityStatement, EquityTerm } from '@baton/contract'
import { Anchor, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../texts/use-texts.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { formatCount } from '../ui/numbers.ts'
import { termLink } from './period-links.ts'
import type { Period } from './use-period.ts'

const lines = [
  ['opening', 'opening', 1],
  ['new', 'new', 1],
  ['wonBack', 'won-back', 1],
  ['lost', 'lost', -1],
] as const satisfies readonly (readonly [string, EquityTerm, 1 | -1])[]

interface BalanceTableProps {
  readonly statement: EquityStatement
  readonly period: Period
}

export const BalanceTable = ({ statement: { balance, currency }, period }: BalanceTableProps) => {
  const t = useTexts()
  const termName = (line: 'opening' | 'new' | 'wonBack' | 'lost' | 'closing', term: EquityTerm) => (
    <Anchor
      inherit
      fw={520}
      renderRoot={(props) => <Link to={termLink(term, period)} resetScroll={false} {...props} />}
    >
      {t(`equity.balance.${line}`)}
    </Anchor>
  )
  return (
    <>
      <Table className="baton-numbers" aria-label={t('equity.balance.title')} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('equity.balance.line')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('equity.balance.heads')}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {t('equity.balance.value')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(([line, term, sign]) => (
            <Table.Tr key={line}>
              <Table.Th scope="row" fw={400}>
                {termName(line, term)}
              </Table.Th>
              <Table.Td ta="end">{signedCount(balance[line].heads * sign, line === 'opening')}</Table.Td>
              <Table.Td ta="end">
                <MoneyText value={{ minor: 0 + sign * balance[line].valueMinor, currency }} />
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th scope="row" fw={400}>
              {t('equity.balance.stayed')}
            </Table.Th>
            <Table.Td />
            <Table.Td ta="end">
              <MoneyText value={{ minor: balance.changeOfStayedMinor, currency }} />
            </Table.Td>
          </Table.Tr>
          <Table.Tr fw={620}>
            <Table.Th scope="row">{termName('closing', 'closing')}</Table.Th>
            <Table.Td ta="end">{formatCount(balance.closing.heads)}</Table.Td>
            <Table.Td ta="end">
              <MoneyText value={{ minor: balance.closing.valueMinor, currency }} />
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="xs">
        {t('equity.balance.lead')}
      </Text>
    </>
  )
}

const signedCount = (count: number, isOpening: boolean): string =>
  isOpening || count <= 0 ? formatCount(count + 0) : `+${formatCount(count)}`
