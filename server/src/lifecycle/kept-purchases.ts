import type { Rule } from '@baton/contract'
import { all, any, did, not, since, trait } from './rule-phrases.ts'

/** How many cancellations are weighed against orders one by one: each is a few more conditions for everybody. */
const mostWeighed = 3

/**
 * So many orders kept, ever or within some days, by somebody who is no guest. A rule counts events and does not know which
 * order was cancelled, so orders are weighed against cancellations: there must be so many more of them; or, for one, the
 * newest order was not cancelled. Of more than three cancellations only three are weighed. Within days, a cancellation
 * counts by its own day.
 */
export const keptPurchases = (least: number, days?: number): Rule =>
  all(
    not(trait('guest', true)),
    did('Order Completed', least, days),
    any(
      not(did('Order Cancelled', 1, days)),
      ...(least === 1 ? [since('Order Completed', 'Order Cancelled', days)] : []),
      ...Array.from({ length: mostWeighed - 1 }, (_, index) =>
        all(did('Order Completed', least + index + 1, days), not(did('Order Cancelled', index + 2, days))),
      ),
      did('Order Completed', least + mostWeighed, days),
    ),
  )
