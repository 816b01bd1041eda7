import type { Person } from '@baton/contract'
import { SimpleGrid } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { Stat } from '../ui/stat.tsx'
import { When } from '../ui/when.tsx'

export const PersonValue = ({ person }: { readonly person: Person }) => {
  const t = useTexts()
  const kept = person.orders.filter((order) => !order.cancelled)
  const count = person.orderCounts.notCancelled
  const last = kept.reduce<number | null>((latest, order) => Math.max(latest ?? 0, order.orderedAt), null)
  return (
    <SimpleGrid cols={2} spacing="xs">
      <Stat
        label={t('people.value.revenue')}
        value={<MoneyText value={person.revenue} />}
        hint={count === 0 ? t('people.value.noOrders') : t('people.value.revenueHint', { count })}
      />
      <Stat label={t('people.value.lastOrder')} value={<When at={last} style={{ whiteSpace: 'normal' }} />} />
    </SimpleGrid>
  )
}
