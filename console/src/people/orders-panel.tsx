import type { Person } from '@baton/contract'
import { Group, Text } from '@mantine/core'
import { useTexts } from '../texts/use-texts.ts'
import { formatMoney } from '../ui/money.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { formatCount } from '../ui/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { StateBadge, type Tone } from '../ui/state-badge.tsx'
import { When } from '../ui/when.tsx'
import classes from './person.module.css'

type Order = Person['orders'][number]
type OrderState = 'cancelled' | 'refunded' | 'delivered' | 'underWay'

const tones: Readonly<Record<OrderState, Tone>> = {
  cancelled: 'calm',
  refunded: 'wait',
  delivered: 'good',
  underWay: 'busy',
}

const stateOf = (order: Order): OrderState => {
  if (order.cancelled) return 'cancelled'
  if (order.refundedMinor > 0) return 'refunded'
  return order.deliveredAt === null ? 'underWay' : 'delivered'
}

const keptOf = (order: Order) => {
  if (order.currency === null) return null
  return { minor: order.cancelled ? 0 : order.grossMinor - order.refundedMinor, currency: order.currency }
}

const asideText = (t: ReturnType<typeof useTexts>, aside: Order['setAside'][number]): string => {
  switch (aside.reason) {
    case 'other-currency':
      return t(`people.orders.setAside.other-currency.${aside.kind}`, { amount: formatMoney(aside.amount) })
    case 'too-many-events':
      return t('people.orders.setAside.too-many-events')
    default:
      return t(`people.orders.setAside.${aside.reason}`, { stated: aside.stated })
  }
}

interface OrdersPanelProps {
  readonly orders: Person['orders']
  /** Of all her orders, of which the newest are given. */
  readonly count: number
}

export const OrdersPanel = ({ orders, count }: OrdersPanelProps) => {
  const t = useTexts()
  return (
    <Panel title={t('people.orders.title')}>
      {orders.length === 0 ? <Text c="dimmed">{t('people.orders.none')}</Text> : null}
      <ul className={classes.lines}>
        {orders
          .toSorted((a, b) => b.orderedAt - a.orderedAt)
          .map((order) => (
            <li key={order.orderId}>
              <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
                <div>
                  <Text fw={520} style={{ overflowWrap: 'anywhere' }}>
                    {order.orderId}
                  </Text>
                  <Text size="xs" c="dimmed">
                    <When at={order.orderedAt} />
                  </Text>
                </div>
                <Group gap={8} wrap="nowrap">
                  <StateBadge
                    state={stateOf(order)}
                    tone={tones[stateOf(order)]}
                    label={t(`people.orders.${stateOf(order)}`)}
                  />
                  <MoneyText value={keptOf(order)} fw={520} />
                </Group>
              </Group>
              {order.setAside.map((aside) => (
                <Text key={JSON.stringify(aside)} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {asideText(t, aside)}
                </Text>
              ))}
            </li>
          ))}
      </ul>
      {count > orders.length ? (
        <Text size="xs" c="dimmed">
          {t('people.orders.newest', { shown: formatCount(orders.length), all: formatCount(count) })}
        </Text>
      ) : null}
    </Panel>
  )
}
