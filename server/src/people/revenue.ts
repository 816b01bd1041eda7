import type { Money } from '@baton/contract'
import type { OrderRow } from './order-store.ts'

/** Kept revenue of some orders: gross less refunds, cancelled ones nothing. Null when currencies differ or none is known. */
export const keptRevenue = (
  orders: readonly Pick<OrderRow, 'grossMinor' | 'refundedMinor' | 'cancelled' | 'currency'>[],
): Money | null => {
  const currencies = new Set(orders.map((order) => order.currency))
  const [currency] = currencies
  if (currencies.size !== 1 || !currency) return null
  const minor = orders.reduce(
    (sum, order) => sum + (order.cancelled ? 0 : order.grossMinor) - (order.cancelled ? 0 : order.refundedMinor),
    0,
  )
  return { minor, currency }
}
