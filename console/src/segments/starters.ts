import type { Rule } from '@baton/contract'
import type { TextKey } from '../texts/use-texts.ts'
import { dayMs } from './day-ms.ts'

export interface Starter {
  readonly key: string
  readonly title: TextKey
  readonly rule: Rule
}

const did = (event: string, value: number, days: number): Rule => ({
  kind: 'event-count',
  event,
  where: [],
  window: { lastMs: days * dayMs },
  is: 'at-least',
  value,
})

/** Rules most shops begin with, in Segment's names for events. */
export const starters: readonly Starter[] = [
  {
    key: 'buyers',
    title: 'segments.starters.buyers',
    rule: { kind: 'and', of: [did('Order Completed', 1, 30)] },
  },
  {
    key: 'carts',
    title: 'segments.starters.carts',
    rule: {
      kind: 'and',
      of: [{ kind: 'event-after', event: 'Product Added', than: 'Order Completed', window: { lastMs: 14 * dayMs } }],
    },
  },
  {
    key: 'quiet',
    title: 'segments.starters.quiet',
    rule: {
      kind: 'and',
      of: [
        { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 },
        { kind: 'not', of: did('Product Viewed', 1, 90) },
      ],
    },
  },
  {
    key: 'engaged',
    title: 'segments.starters.engaged',
    rule: { kind: 'and', of: [did('Product Viewed', 3, 7)] },
  },
]
