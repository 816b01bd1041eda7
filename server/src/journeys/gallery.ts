import type { JourneyTemplate } from '@baton/contract'
import { defaultTemplateId } from '../content/index.ts'
import { dayMs, hourMs, type WorkspaceId } from '../kernel/index.ts'

/**
 * Journeys to start from. Where the workspace has a template that fits, it is chosen; else publishing asks for one. A cart
 * reminder coaches rather than sells: who has something in her cart is not pushed.
 */
export const galleryFor = (workspaceId: WorkspaceId): readonly JourneyTemplate[] => [
  {
    key: 'abandoned-cart',
    title: 'Abandoned cart',
    description:
      'Someone put a product into the cart and did not order within an hour: remind her, once. An order of that cart within the hour and nothing is sent.',
    events: ['Product Added', 'Order Completed'],
    draft: {
      entry: { kind: 'event', event: 'Product Added', where: [], keyPath: 'cart_id', reentry: 'after-exit' },
      start: 'ordered-in-an-hour',
      steps: [
        {
          id: 'ordered-in-an-hour',
          title: 'Order within an hour?',
          kind: 'wait-for-event',
          event: 'Order Completed',
          keyPath: 'cart_id',
          where: [],
          timeoutMs: hourMs,
          onEvent: null,
          onTimeout: 'reminder',
        },
        {
          id: 'reminder',
          title: 'You left something behind',
          kind: 'message',
          templateId: defaultTemplateId(workspaceId, 'abandoned-cart'),
          channel: 'email',
          topic: 'orders',
          next: null,
        },
      ],
      phase: 'purchase',
      purpose: 'coach',
      messageDeadlineMs: 12 * hourMs,
      exitOnReply: true,
    },
  },
  {
    key: 'welcome-after-form',
    title: 'Welcome after a form',
    description:
      'Someone answered a form: thank her at once, and after three days send what helps her on, unless she has ordered by then.',
    events: ['Form Submitted', 'Order Completed'],
    draft: {
      entry: { kind: 'event', event: 'Form Submitted', where: [], reentry: 'never' },
      start: 'thanks',
      steps: [
        {
          id: 'thanks',
          title: 'Thank you for asking',
          kind: 'message',
          templateId: defaultTemplateId(workspaceId, 'welcome'),
          channel: 'email',
          topic: 'service',
          next: 'three-days',
        },
        {
          id: 'three-days',
          title: 'Order within three days?',
          kind: 'wait-for-event',
          event: 'Order Completed',
          where: [],
          timeoutMs: 3 * dayMs,
          onEvent: 'customer-now',
          onTimeout: 'guide',
        },
        { id: 'customer-now', title: 'She is a customer now', kind: 'exit', reason: 'ordered' },
        {
          id: 'guide',
          title: 'A guide to choosing',
          kind: 'message',
          channel: 'email',
          topic: 'advice',
          next: null,
        },
      ],
      phase: 'consideration',
      purpose: 'coach',
      messageDeadlineMs: 2 * dayMs,
      exitOnReply: true,
    },
  },
  {
    key: 'after-an-order',
    title: 'After an order',
    description: 'Three weeks after an order, ask what she thinks of it; not if she has returned it since.',
    events: ['Order Completed', 'Order Refunded'],
    draft: {
      entry: { kind: 'event', event: 'Order Completed', where: [], keyPath: 'order_id', reentry: 'never' },
      start: 'three-weeks',
      steps: [
        {
          id: 'three-weeks',
          title: 'Returned within three weeks?',
          kind: 'wait-for-event',
          event: 'Order Refunded',
          keyPath: 'order_id',
          where: [],
          timeoutMs: 21 * dayMs,
          onEvent: 'returned',
          onTimeout: 'review',
        },
        { id: 'returned', title: 'She sent it back', kind: 'exit', reason: 'returned' },
        {
          id: 'review',
          title: 'What do you think of it?',
          kind: 'message',
          templateId: defaultTemplateId(workspaceId, 'review-request'),
          channel: 'email',
          topic: 'orders',
          next: null,
        },
      ],
      phase: 'post-purchase',
      purpose: 'serve',
      messageDeadlineMs: 3 * dayMs,
      exitOnReply: true,
    },
  },
  {
    key: 'win-back',
    title: 'Win back',
    description:
      'A customer has not ordered for ninety days: ask what is new with her, and after two weeks more make an offer. Any order ends it.',
    events: ['Order Completed'],
    draft: {
      entry: { kind: 'event', event: 'Order Completed', where: [], reentry: 'after-exit' },
      start: 'ninety-days',
      steps: [
        {
          id: 'ninety-days',
          title: 'Another order within 90 days?',
          kind: 'wait-for-event',
          event: 'Order Completed',
          where: [],
          timeoutMs: 90 * dayMs,
          onEvent: 'ninety-days',
          onTimeout: 'we-miss-you',
        },
        {
          id: 'we-miss-you',
          title: 'It has been a while',
          kind: 'message',
          channel: 'email',
          topic: 'advice',
          next: 'two-weeks',
        },
        {
          id: 'two-weeks',
          title: 'Order within two weeks?',
          kind: 'wait-for-event',
          event: 'Order Completed',
          where: [],
          timeoutMs: 14 * dayMs,
          onEvent: 'ninety-days',
          onTimeout: 'offer',
        },
        {
          id: 'offer',
          title: 'An offer to come back',
          kind: 'message',
          channel: 'email',
          topic: 'offers',
          next: null,
        },
      ],
      phase: 'loyalty',
      purpose: 'sell',
      messageDeadlineMs: 7 * dayMs,
      exitOnReply: true,
    },
  },
]
