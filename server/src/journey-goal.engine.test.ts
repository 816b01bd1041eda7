import { expect, test } from 'vitest'
import { cartMail } from '../../tests/harness/cart-mail.ts'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { dayMs, hourMs } from './kernel/index.ts'

/** What a message led to, counted from hand-overs and events over every room. */
const { clock, workspaceId, call, send, settle } = await testEveryRoom()

const mailAtOnce = (goal: object) => ({
  entry: { kind: 'event', event: 'Product Added', keyPath: 'cart_id' },
  start: 'mail',
  steps: [cartMail(workspaceId)],
  phase: 'purchase',
  purpose: 'serve',
  ...goal,
})
const publish = async (draft: object): Promise<string> => {
  const { body } = await call('POST', '/v1/journeys', { name: 'Cart', draft })
  expect((await call('POST', `/v1/journeys/${body.journeyId}/publish`)).status).toBe(200)
  return `/v1/journeys/${body.journeyId}`
}
const personAdds = (userId: string, cart: string) =>
  send(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    { type: 'track', userId, event: 'Product Added', properties: { cart_id: cart, name: 'Blocks', price: 5 } },
  )
const orders = (userId: string, cart: string, messageId?: string) =>
  send({
    type: 'track',
    userId,
    event: 'Order Completed',
    properties: { cart_id: cart, order_id: cart, total: 5 },
    ...(messageId ? { messageId } : {}),
  })
const mailOf = async (url: string) => (await call('GET', `${url}/counts`)).body.steps[0]
const peopleOf = async (url: string, measure: string) =>
  (await call('GET', `${url}/runs?step=mail&measure=${measure}`)).body.items.map(
    (run: { entryKey: string }) => run.entryKey,
  )

test('an order in time after the mail is its conversion, though the run had ended; each mail counts once', async () => {
  const goal = { goal: { event: 'Order Completed', keyPath: 'cart_id', withinMs: 2 * hourMs } }
  const url = await publish(mailAtOnce(goal))
  for (const who of ['ann', 'bea', 'cem', 'dora']) await personAdds(who, `cart-${who}`)
  await settle()
  expect(await mailOf(url)).toMatchObject({ entered: 4, sent: 4, converted: 0 })

  await orders('ann', 'cart-ann', 'once')
  await orders('ann', 'cart-ann', 'once')
  await orders('ann', 'cart-ann')
  await orders('bea', 'another cart')
  expect(await mailOf(url)).toMatchObject({ sent: 4, converted: 1 })
  expect(await peopleOf(url, 'converted')).toEqual(['cart-ann'])
  expect(await peopleOf(url, 'sent')).toHaveLength(4)
  expect(await peopleOf(url, 'entered')).toHaveLength(4)
  expect(await peopleOf(url, 'dropped')).toEqual([])

  clock.moveBy(2 * hourMs)
  await orders('cem', 'cart-cem')
  expect(await mailOf(url)).toMatchObject({ sent: 4, converted: 1 })
  clock.moveBy(10 * dayMs)
  await orders('dora', 'cart-dora')
  expect(await mailOf(url)).toMatchObject({ converted: 1 })
  expect((await call('GET', `${url}/counts?version=1`)).body.steps[0].converted).toBe(1)
  expect((await call('GET', `${url}/counts?version=2`)).body.steps).toEqual([])
})

test('without a goal nothing is said of conversions', async () => {
  const url = await publish(mailAtOnce({}))
  await personAdds('emil', 'cart-emil')
  await orders('emil', 'cart-emil')
  expect(await mailOf(url)).toMatchObject({ sent: 1, converted: null })
})

test('a message that came too late to be sent is among the dropped of its box', async () => {
  const url = await publish(mailAtOnce({}))
  expect((await call('PUT', '/v1/policy', { killSwitch: true })).status).toBe(200)
  await personAdds('fay', 'cart-fay')
  await settle()
  expect(await mailOf(url)).toMatchObject({ entered: 1, sent: 0, dropped: 0 })
  clock.moveBy(2 * dayMs)
  await settle()
  expect((await call('PUT', '/v1/policy', { killSwitch: false })).status).toBe(200)
  expect(await mailOf(url)).toMatchObject({ entered: 1, sent: 0, dropped: 1 })
  expect(await peopleOf(url, 'dropped')).toEqual(['cart-fay'])
})

test('a measure that there is not is refused', async () => {
  const url = await publish(mailAtOnce({}))
  expect((await call('GET', `${url}/runs?step=mail&measure=liked`)).status).toBe(400)
})
