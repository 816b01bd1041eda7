import type { JourneyDraft, Rule } from '@baton/contract'
import { dayMs, hourMs } from '../kernel/index.ts'

const within = (days: number) => ({ lastMs: days * dayMs })
const count = (event: string, value: number, days?: number): Rule => ({
  kind: 'event-count',
  event,
  where: [],
  is: 'at-least',
  value,
  ...(days === undefined ? {} : { window: within(days) }),
})

/** The segments the simulated team works with. */
export const sampleSegments: readonly { name: string; description: string; rule: Rule }[] = [
  {
    name: 'Looked, did not buy',
    description: 'Three or more products viewed this week, no order in the last thirty days.',
    rule: { kind: 'and', of: [count('Product Viewed', 3, 7), { kind: 'not', of: count('Order Completed', 1, 30) }] },
  },
  {
    name: 'Good customers',
    description: 'Spent 120 euros or more in ninety days.',
    rule: {
      kind: 'event-sum',
      event: 'Order Completed',
      where: [],
      window: within(90),
      is: 'at-least',
      value: 120,
      path: 'revenue',
    },
  },
  {
    name: 'Slipping away',
    description: 'Bought before, but did nothing in the last thirty days.',
    rule: { kind: 'and', of: [count('Order Completed', 1), { kind: 'not', of: count('Page Viewed', 1, 30) }] },
  },
  {
    name: 'Parents of under-fives',
    description: 'The child is younger than five.',
    rule: { kind: 'trait', path: 'childAge', is: 'less', value: 5 },
  },
  {
    name: 'Waiting for an answer',
    description: 'A complaint was opened and not yet resolved.',
    rule: { kind: 'event-after', event: 'Complaint Opened', than: 'Complaint Resolved' },
  },
  {
    name: 'Happy to recommend',
    description: 'The last score was nine or ten.',
    rule: { kind: 'event-last', event: 'Score Given', where: [], filter: { path: 'score', is: 'at-least', value: 9 } },
  },
]

type TemplateName = 'abandoned-cart' | 'welcome' | 'review-request' | 'service-recovery'

/** The journeys of the simulated team. None of them sells to somebody who is still making up her mind. */
export const sampleJourneys = (
  templateOf: (name: TemplateName) => string,
): readonly { name: string; draft: JourneyDraft }[] => [
  {
    name: 'Cart left behind',
    draft: {
      entry: { kind: 'event', event: 'Product Added', where: [], keyPath: 'cart_id', reentry: 'never' },
      start: 'ordered',
      steps: [
        {
          id: 'ordered',
          title: 'Ordered within an hour?',
          kind: 'wait-for-event',
          event: 'Order Completed',
          keyPath: 'cart_id',
          where: [],
          timeoutMs: hourMs,
          onEvent: 'bought',
          onTimeout: 'remind',
        },
        {
          id: 'remind',
          title: 'Can we help you choose?',
          kind: 'message',
          channel: 'email',
          topic: 'orders',
          templateId: templateOf('abandoned-cart'),
          next: null,
        },
        { id: 'bought', title: 'Ordered', kind: 'exit', reason: 'ordered' },
      ],
      phase: 'purchase',
      purpose: 'coach',
      messageDeadlineMs: 18 * hourMs,
      exitOnReply: true,
    },
  },
  {
    name: 'Welcome',
    draft: {
      entry: { kind: 'event', event: 'Consent Given', where: [], reentry: 'never' },
      start: 'pause',
      steps: [
        { id: 'pause', title: 'A moment', kind: 'delay', forMs: 10 * 60_000, next: 'welcome' },
        {
          id: 'welcome',
          title: 'Welcome',
          kind: 'message',
          channel: 'email',
          topic: 'advice',
          templateId: templateOf('welcome'),
          next: null,
        },
      ],
      phase: 'consideration',
      purpose: 'inform',
      messageDeadlineMs: 2 * dayMs,
      exitOnReply: true,
    },
  },
  {
    name: 'How do you like it?',
    draft: {
      entry: { kind: 'event', event: 'Order Delivered', where: [], keyPath: 'order_id', reentry: 'never' },
      start: 'use',
      steps: [
        { id: 'use', title: 'Time to use it', kind: 'delay', forMs: 6 * dayMs, next: 'ask' },
        {
          id: 'ask',
          title: 'Ask for a review',
          kind: 'message',
          channel: 'email',
          topic: 'advice',
          templateId: templateOf('review-request'),
          next: null,
        },
      ],
      phase: 'loyalty',
      purpose: 'inform',
      messageDeadlineMs: 3 * dayMs,
      exitOnReply: true,
    },
  },
  {
    name: 'We will put it right',
    draft: {
      entry: { kind: 'event', event: 'Complaint Opened', where: [], keyPath: 'complaint_id', reentry: 'never' },
      start: 'resolved',
      steps: [
        {
          id: 'resolved',
          title: 'Resolved within two days?',
          kind: 'wait-for-event',
          event: 'Complaint Resolved',
          keyPath: 'complaint_id',
          where: [],
          timeoutMs: 2 * dayMs,
          onEvent: 'done',
          onTimeout: 'write',
        },
        {
          id: 'write',
          title: 'Tell her where it stands',
          kind: 'message',
          channel: 'email',
          topic: 'service',
          templateId: templateOf('service-recovery'),
          next: null,
        },
        { id: 'done', title: 'Resolved', kind: 'exit', reason: 'resolved' },
      ],
      phase: 'post-purchase',
      purpose: 'serve',
      messageDeadlineMs: 2 * dayMs,
      exitOnReply: true,
    },
  },
]
