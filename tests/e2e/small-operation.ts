import { z } from 'zod'
import { must } from '../../server/src/kernel/index.ts'
import type { Operation } from '../faults/operation.ts'
import { until } from '../harness/server-process.ts'

/** What the console's pages are about, one of each. */
export interface Samples {
  readonly personId: string
  readonly segmentId: string
  readonly journeyId: string
  readonly templateId: string
  readonly messageId: string
  readonly mailId: string
  readonly invitationToken: string
}

const templates = z.object({ items: z.array(z.object({ templateId: z.uuid(), name: z.string() })) })
const madeSegment = z.object({ segmentId: z.uuid() })
const madeJourney = z.object({ journeyId: z.uuid() })
const madeInvitation = z.object({ token: z.string() })
const mails = z.object({ items: z.array(z.object({ mailId: z.uuid(), messageId: z.uuid().nullable() })) })
const messages = z.object({ items: z.array(z.object({ personId: z.uuid() })) })

/** A little of everything that a page can show: people, orders, costs, a live journey, a mail, one dropped message. */
export const fillOperation = async (operation: Operation, address: string): Promise<Samples> => {
  const { call } = operation
  await call('PUT', '/v1/policy', { quietHours: null, consentNeeded: [] })
  const { segmentId } = madeSegment.parse(
    await call('POST', '/v1/segments', {
      name: 'Bought something',
      rule: { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 },
    }),
  )
  const { items } = templates.parse(await call('GET', '/v1/templates'))
  const { templateId } = must(
    items.find(({ name }) => name === 'Abandoned cart'),
    'every workspace begins with it',
  )
  const { journeyId } = madeJourney.parse(
    await call('POST', '/v1/journeys', { name: 'Cart, at once', draft: cartAtOnce(templateId) }),
  )
  await call('POST', `/v1/journeys/${journeyId}/publish`, {})
  for (const kind of ['acquisition', 'servicing'])
    await call('POST', '/v1/costs', { on: today(), amount: { minor: 12_345, currency: 'EUR' }, kind, phase: 'contact' })
  await sendEvents(operation, address)
  const mail = await until(
    async () => mails.parse(await call('GET', '/v1/mailbox')).items[0],
    (found) => found !== undefined,
  )
  const { token } = madeInvitation.parse(
    await call('POST', '/v1/invitations', { email: 'bea@toys.example', role: 'analyst' }),
  )
  const message = must(messages.parse(await call('GET', '/v1/messages')).items[0], 'its mail is there')
  return {
    personId: message.personId,
    segmentId,
    journeyId,
    templateId,
    messageId: must(mail?.messageId, 'it was sent by a journey'),
    mailId: must(mail?.mailId, 'it arrived'),
    invitationToken: token,
  }
}

export const cartAtOnce = (templateId: string) => ({
  entry: { kind: 'event', event: 'Product Added', where: [], keyPath: 'cart_id', reentry: 'after-exit' },
  start: 'mail',
  steps: [{ id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'orders', next: null }],
  phase: 'purchase',
  purpose: 'inform',
})

const today = (): string => new Date().toISOString().slice(0, 10)

const dayMs = 86_400_000
const sendEvents = async ({ writeKey }: Operation, address: string): Promise<void> => {
  const people = ['ann', 'bea', 'cem', 'dora', 'emil', 'fay'].map((name) => ({
    userId: name,
    traits: { firstName: name, lastName: 'Example', email: `${name}@customers.example`, timezone: 'Europe/Lisbon' },
  }))
  const batch = people.flatMap(({ userId, traits }, index) => [
    { type: 'identify', userId, traits },
    { type: 'page', userId, anonymousId: `browser-${userId}`, name: 'Catalogue' },
    ...[80, 40, 3].slice(0, (index % 3) + 1).map((days) => ({
      type: 'track',
      userId,
      event: 'Order Completed',
      timestamp: new Date(Date.now() - days * dayMs).toISOString(),
      properties: { order_id: `${userId}-${days}`, total: 20 + index * 7.5, currency: 'EUR' },
    })),
    ...(index < 2
      ? [
          {
            type: 'track',
            userId,
            event: 'Product Added',
            properties: { cart_id: `cart-${userId}`, product_id: 'abacus', name: 'Abacus', price: 19.9, quantity: 1 },
          },
        ]
      : []),
  ])
  const answer = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: JSON.stringify({ batch: batch.map((event, index) => ({ messageId: `first-${index}`, ...event })) }),
  })
  if (!answer.ok) throw new Error(`The events were refused: ${await answer.text()}`)
}
