import { personExport } from '@baton/contract'
import { expect, test } from 'vitest'
import { mountRooms } from '../../../tests/harness/mounted.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { wholeRooms } from '../../../tests/harness/whole-rooms.ts'
import { must, newId, systemClock } from '../kernel/index.ts'
import { makeKey } from '../workspaces/index.ts'

const stores = await testStores()

test('she gets one document with all that is known; whoever may not take data out gets nothing, and it is noted', async () => {
  const { rooms, workspaceId, send } = await wholeRooms(stores)
  const { app } = await mountRooms(stores, rooms)
  const say = (n: number) => ({
    type: 'track',
    userId: 'ada',
    event: 'Seen',
    messageId: `seen-${n}`,
    properties: { n },
  })
  await send(
    { type: 'page', anonymousId: 'browser', messageId: 'page' },
    { type: 'identify', userId: 'ada', anonymousId: 'browser', traits: { email: 'ada@example.com' }, messageId: 'who' },
    ...Array.from({ length: 1_200 }, (_, n) => say(n)),
    {
      type: 'track',
      userId: 'ada',
      event: 'Order Completed',
      messageId: 'order',
      properties: { order_id: '7', revenue: 12 },
    },
    { type: 'identify', userId: 'bob', traits: { email: 'bob@example.com' }, messageId: 'other' },
  )
  const personId = must(await rooms.people.find(workspaceId, 'userId', 'ada'), 'she was identified')
  const deps = { postgres: stores.postgres, clock: systemClock, workspaces: rooms.workspaces }
  const headers = async (role: 'steward' | 'conductor') => {
    const draft = { kind: 'api' as const, name: role, role, scope: {} }
    const { key } = await makeKey(deps, { workspaceId, actor: 'system' }, draft)
    return { authorization: `Bearer ${key}` }
  }
  const url = `/v1/people/${personId}/export`
  const answer = await app.inject({ url, headers: await headers('steward') })
  expect(answer.headers['content-disposition']).toContain(personId)
  const found = personExport.parse(answer.json())
  expect(found.person.identifiers).toContainEqual({ kind: 'email', value: 'ada@example.com' })
  expect(found.events).toHaveLength(1_203)
  expect(found.events.at(-1)).toMatchObject({ name: expect.any(String), properties: expect.any(Object) })
  expect(found.orders).toMatchObject([{ orderId: '7', grossMinor: 1200 }])
  expect(found.history.map(({ kind }) => kind)).toContain('merge')
  expect(answer.body).not.toContain('bob')

  expect((await app.inject({ url, headers: await headers('conductor') })).statusCode).toBe(403)
  const unknown = await app.inject({ url: `/v1/people/${newId<string>()}/export`, headers: await headers('steward') })
  expect(unknown.statusCode).toBe(404)
  const noted = await stores.admin<{ object: string }>(
    `select object from audit_entry where action = 'person.exported'`,
  )
  expect(noted).toEqual([{ object: `person:${personId}` }])
})
