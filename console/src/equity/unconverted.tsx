import type { UnconvertedAmount } from '@baton/contract'
import { Alert, Anchor, Group, Text } from '@mantine/core'
import IconAlertTriangle from '@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs'
import { Link } from '@tanstack/react-router'
import { useHere } from '../app/session-context.ts'
import { useTexts } from '../texts/use-texts.ts'
import { formatMoney } from '../ui/money.ts'
import { dayIn } from '../ui/zoned-day.ts'

/** Amounts that no exchange rate reaches: shown, not guessed. */
export const Unconverted = ({ amounts }: { readonly amounts: readonly UnconvertedAmount[] }) => {
  const t = useTexts()
  const { workspace } = useHere()
  if (amounts.length === 0) return null
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t('equity.unconverted.title')}>
      {amounts.map((one) => (
        <Group key={one.currency} justify="space-between" gap="xs">
          <Text>
            {t('equity.unconverted.line', {
              count: one.entries,
              amount: formatMoney({ minor: one.amountMinor, currency: one.currency }),
              since: dayIn(one.firstAt, workspace.timeZone),
            })}
          </Text>
          <Anchor
            inherit
            underline="always"
            c="inherit"
            renderRoot={(props) => (
              <Link to={`/costs?rate=${one.currency}&on=${dayIn(one.firstAt, workspace.timeZone)}`} {...props} />
            )}
          >
            {t('equity.unconverted.enter')}
          </Anchor>
        </Group>
      ))}
    </Alert>
  )
}
