import { z } from 'zod'
import { must } from '../../server/src/kernel/index.ts'
import type { CartRules } from '../harness/expected-runs.ts'
import type { Operation } from './operation.ts'

const templates = z.object({ items: z.array(z.object({ templateId: z.uuid(), name: z.string() })) })
const made = z.object({ journeyId: z.uuid() })
const madeSegment = z.object({ segmentId: z.uuid() })
const counts = z.object({
  entered: z.int(),
  active: z.int(),
  finished: z.int(),
  exited: z.array(z.object({ people: z.int() })),
})
const balance = z.object({
  planned: z.int(),
  onTheirWay: z.int(),
  uncertain: z.int(),
  accepted: z.int(),
  balanced: z.boolean(),
})

/** A journey that is live while things break, and what the API says of it and of the ledger. */
export interface Engagement {
  readonly journeyId: string
  counts(): Promise<z.infer<typeof counts>>
  balance(): Promise<z.infer<typeof balance>>
  /** The segment's rule asks for so many events from now on: everybody is counted, the new version swapped in. */
  changeSegment(value: number): Promise<void>
}

/** Into which people come by what they do and out of which they fall by time, all the while. */
const busyLately = (value: number) => ({
  name: 'Busy lately',
  rule: {
    kind: 'event-count',
    event: 'Product Added',
    where: [],
    window: { lastMs: 10_000 },
    is: 'at-least',
    value,
  },
})

/** A cart waits for its order but a short time here, so that many waits end while things break. */
export const cartRules: CartRules = { entry: 'Product Added', order: 'Order Completed', waitMs: 1_500 }

/**
 * The abandoned cart, with a branch that asks for membership, so that every stage has work: *Product Added*, wait for
 * *Order Completed* with the same cart, else a mail to the witness's sink. Of policy, only what people say themselves
 * decides, which the witness hears: what else is missing at the sink was lost and not dropped.
 */
export const engage = async ({ call }: Pick<Operation, 'call'>, smtpPort: number): Promise<Engagement> => {
  await call('PUT', '/v1/policy', { quietHours: null, caps: [], consentNeeded: ['inform'], noPushStates: [] })
  const { segmentId } = madeSegment.parse(await call('POST', '/v1/segments', busyLately(2)))
  const from = { name: 'Toys', address: 'toys@shop.example' }
  await call('PUT', '/v1/channels/email', {
    smtp: { host: '127.0.0.1', port: smtpPort, security: 'none', user: null, from },
  })
  const { items } = templates.parse(await call('GET', '/v1/templates'))
  const { templateId } = must(
    items.find(({ name }) => name === 'Abandoned cart'),
    'every workspace begins with it',
  )
  const draft = {
    entry: { kind: 'event', event: cartRules.entry, where: [], keyPath: 'cart_id', reentry: 'after-exit' },
    start: 'order',
    steps: [
      {
        id: 'order',
        kind: 'wait-for-event',
        event: cartRules.order,
        keyPath: 'cart_id',
        where: [],
        timeoutMs: cartRules.waitMs,
        onEvent: null,
        onTimeout: 'known',
      },
      {
        id: 'known',
        kind: 'branch',
        branches: [
          {
            label: 'has bought before',
            when: { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 },
            next: 'mail',
          },
        ],
        otherwise: 'mail',
      },
      { id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'orders', next: null },
    ],
    phase: 'purchase',
    purpose: 'inform',
  }
  const { journeyId } = made.parse(await call('POST', '/v1/journeys', { name: 'Abandoned cart', draft }))
  await call('POST', `/v1/journeys/${journeyId}/publish`, {})
  return {
    journeyId,
    counts: async () => counts.parse(await call('GET', `/v1/journeys/${journeyId}/counts`)),
    changeSegment: async (value) => {
      await call('PUT', `/v1/segments/${segmentId}`, busyLately(value))
    },
    balance: async () => balance.parse(await call('GET', '/v1/messages/balance')),
  }
}
