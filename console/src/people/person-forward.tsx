import { type PersonForward, personForward } from '@baton/contract'
import { SimpleGrid, Skeleton, Text } from '@mantine/core'
import { useApi } from '../api/use-api.ts'
import { type Texts, useTexts } from '../texts/use-texts.ts'
import { ErrorPanel } from '../ui/error-panel.tsx'
import { MoneyText } from '../ui/money-text.tsx'
import { formatShare } from '../ui/numbers.ts'
import { Stat } from '../ui/stat.tsx'
import { When } from '../ui/when.tsx'

/** What she is expected to bring, and how likely she still is a customer: her part of the forward figure that is kept. */
export const PersonForwardValue = ({ personId }: { readonly personId: string }) => {
  const t = useTexts()
  const answer = useApi(`/v1/people/${personId}/value`, personForward, { refetchMs: 60_000 })
  if (answer.error !== null && answer.data === undefined)
    return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
  if (answer.data === undefined) return <Skeleton height={80} role="status" aria-label={t('ui.loading')} />
  const { figure, value } = answer.data
  const amount = value && { minor: value.valueMinor, currency: value.currency }
  return (
    <SimpleGrid cols={2} spacing="xs">
      <Stat
        label={t('people.value.forward')}
        value={amount === null ? <Nothing /> : <MoneyText value={amount} />}
        hint={figure === null ? t('people.value.notComputed') : <Basis figure={figure} isIn={value !== null} t={t} />}
      />
      <Stat
        label={t('people.value.alive')}
        value={value === null ? <Nothing /> : formatShare(value.pAlive)}
        hint={t('people.value.aliveHint')}
      />
    </SimpleGrid>
  )
}

const Nothing = () => (
  <Text span inherit c="dimmed">
    –
  </Text>
)

interface BasisProps {
  readonly figure: NonNullable<PersonForward['figure']>
  readonly isIn: boolean
  readonly t: Texts
}

const Basis = ({ figure, isIn, t }: BasisProps) => (
  <>
    {isIn ? t(`people.value.forwardOf.${figure.of}`, { count: figure.horizonYears }) : t('people.value.notIn')},{' '}
    {t('people.value.asOf')} <When at={figure.asOf} />
  </>
)
