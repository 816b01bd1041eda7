import { expect, test } from 'vitest'
import { testEveryRoom } from '../../tests/harness/every-room.ts'
import { defaultTemplateId } from './content/index.ts'
import { dayMs, newId } from './kernel/index.ts'

/** What is deleted lies in the trash for thirty days, over every room. */
const { stores, clock, rooms, workspaceId, call, send, settle, headersOf } = await testEveryRoom()
const bought = { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 }
const trashOf = async (kind: 'segments' | 'journeys' | 'templates') =>
  (await call('GET', `/v1/trash/${kind}`)).body.items
const newTemplate = async (name: string): Promise<string> => {
  const draft = { name, subject: 'x', mjml: '<mjml><mj-body></mj-body></mjml>', topic: 'orders' }
  return (await call('POST', '/v1/templates', draft)).body.templateId
}
const sends = (templateId: string, entry: object = { kind: 'event', event: 'Product Added' }) => ({
  entry,
  start: 'mail',
  steps: [{ id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'orders', next: null }],
  phase: 'purchase',
})
const newJourney = async (draft: object): Promise<string> =>
  `/v1/journeys/${(await call('POST', '/v1/journeys', { name: 'Cart', draft })).body.journeyId}`

test('a segment that something asks for stays and says by what; deleted it can be taken back, members counted anew', async () => {
  await send({ type: 'track', userId: 'ann', event: 'Order Completed', properties: { order_id: 'o1', total: 1 } })
  const { segmentId } = (await call('POST', '/v1/segments', { name: 'Buyers', rule: bought })).body
  const url = `/v1/segments/${segmentId}`
  const above = (await call('POST', '/v1/segments', { name: 'Above', rule: { kind: 'segment', segmentId } })).body
  const journey = await newJourney(
    sends(defaultTemplateId(workspaceId, 'abandoned-cart'), { kind: 'segment', segmentId }),
  )
  expect((await call('POST', `${journey}/publish`)).status).toBe(200)
  await settle()
  expect(await call('DELETE', url)).toMatchObject({
    status: 409,
    body: {
      error: {
        code: 'conflict',
        message: 'It is in use by the segment “Above”, the journey “Cart”.',
        details: {
          usedBy: [
            { kind: 'segment', name: 'Above' },
            { kind: 'journey', name: 'Cart' },
          ],
        },
      },
    },
  })
  await call('DELETE', `/v1/segments/${above.segmentId}`)
  await call('POST', `${journey}/stop`)
  expect((await call('DELETE', url)).status).toBe(204)
  await settle()
  expect((await call('GET', url)).status).toBe(404)
  expect(await trashOf('segments')).toMatchObject([
    { name: 'Buyers', deletedBy: expect.stringMatching(/^key “owner /), leavesAt: clock.now() + 30 * dayMs },
    { name: 'Above' },
  ])
  const other = (await call('POST', '/v1/segments', { name: 'buyers', rule: bought })).body
  expect((await call('POST', `${url}/take-back`)).body.error.message).toContain('named “buyers” already')
  await call('PUT', `/v1/segments/${other.segmentId}`, { name: 'Others', rule: bought })

  expect((await call('POST', `/v1/segments/${above.segmentId}/take-back`)).status).toBe(400)
  expect((await call('POST', `${url}/take-back`)).status).toBe(200)
  await settle()
  expect((await call('GET', url)).body).toMatchObject({ name: 'Buyers', count: 1, state: 'live' })
  expect((await call('POST', `/v1/segments/${above.segmentId}/take-back`)).status).toBe(200)
  expect((await call('POST', `${url}/take-back`)).status).toBe(404)
  expect(await trashOf('segments')).toEqual([])
  await settle()
})

test('a journey is deleted when it is stopped, and comes back stopped; who was in it keeps her history', async () => {
  const url = await newJourney({ ...sends(defaultTemplateId(workspaceId, 'abandoned-cart')), purpose: 'serve' })
  await call('POST', `${url}/publish`)
  expect((await call('DELETE', url)).body.error.message).toBe('The journey is live: people may be inside.')
  await send({ type: 'track', userId: 'ann', event: 'Product Added', properties: {} })
  const { runId } = (await call('GET', `${url}/runs`)).body.items[0]
  await call('POST', `${url}/stop`)
  expect((await call('DELETE', url)).status).toBe(204)
  expect((await call('GET', url)).status).toBe(404)
  expect((await call('PUT', url, { name: 'New' })).status).toBe(404)
  expect((await call('POST', `${url}/publish`)).status).toBe(404)
  expect((await call('GET', '/v1/journeys?search=Cart&status=stopped')).body.items).toHaveLength(1)
  expect((await call('GET', `/v1/runs/${runId}`)).body).toMatchObject({ journeyName: 'Cart' })
  await send({ type: 'track', userId: 'ann', event: 'Product Added', properties: {} })
  expect((await call('POST', `${url}/take-back`)).body).toMatchObject({ status: 'stopped', version: 1, entered: 1 })

  await call('DELETE', url)
  const owner = await headersOf('owner')
  expect((await call('DELETE', url, undefined, owner)).status).toBe(404)
  clock.moveBy(30 * dayMs)
  await rooms.collect.tendPartitions()
  await rooms.tend()
  expect(await trashOf('journeys')).toEqual([])
  expect((await call('POST', `${url}/take-back`)).status).toBe(404)
  expect((await call('GET', `/v1/runs/${runId}`)).body).toMatchObject({ journeyName: 'Cart' })
})

test('a template that a journey sends, even by its draft, stays; after thirty days one that made no message is gone', async () => {
  const templateId = await newTemplate('Hello')
  const url = `/v1/templates/${templateId}`
  const journey = await newJourney(sends(templateId))
  expect((await call('DELETE', url)).body.error).toMatchObject({
    code: 'conflict',
    message: 'It is in use by the journey “Cart”.',
  })
  const own = await call('DELETE', `/v1/templates/${defaultTemplateId(workspaceId, 'confirm-address')}`)
  expect(own.body.error.message).toBe('It is in use by Baton’s own “gallery and forms”.')
  expect((await call('DELETE', journey)).status).toBe(204)
  expect((await call('DELETE', url)).status).toBe(204)
  expect((await call('GET', url)).status).toBe(404)
  expect(
    (await call('PUT', url, { name: 'x', subject: 'x', mjml: '<mjml><mj-body></mj-body></mjml>', topic: 'x' })).status,
  ).toBe(404)
  expect((await call('GET', '/v1/templates')).body.items.map(({ name }: { name: string }) => name)).not.toContain(
    'Hello',
  )
  expect(await trashOf('templates')).toMatchObject([{ id: templateId, name: 'Hello' }])
  expect((await call('POST', `${url}/take-back`)).body).toMatchObject({ name: 'Hello', version: 1 })
  await call('DELETE', url)

  const count = async (table: string, id: string) =>
    (
      await stores.admin<{ n: number }>(
        `select count(*)::int as n from ${table} where ${table.split('_')[0]}_id = $1`,
        [id],
      )
    )[0]?.n
  const journeyId = journey.split('/').at(-1) ?? ''
  clock.moveBy(30 * dayMs - 1)
  await rooms.tend()
  expect([await count('template', templateId), await count('journey', journeyId)]).toEqual([1, 1])
  clock.moveBy(1)
  await rooms.tend()
  expect([
    await count('template', templateId),
    await count('template_version', templateId),
    await count('journey', journeyId),
    await count('journey_version', journeyId),
  ]).toEqual([0, 0, 0, 0])
})

test('what is not there and who may not are refused', async () => {
  const finance = await headersOf('finance')
  for (const kind of ['segments', 'journeys', 'templates']) {
    const url = `/v1/${kind}/${newId<string>()}`
    expect((await call('DELETE', url)).status).toBe(404)
    expect((await call('POST', `${url}/take-back`)).status).toBe(404)
    expect((await call('DELETE', url, undefined, finance)).status).toBe(403)
    expect((await call('POST', `${url}/take-back`, undefined, finance)).status).toBe(403)
    expect((await call('GET', `/v1/trash/${kind}`, undefined, finance)).status).toBe(200)
  }
})
