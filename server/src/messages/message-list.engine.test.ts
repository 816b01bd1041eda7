import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../tests/harness/app.ts'
import { noon, type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { hourMs } from '../kernel/index.ts'
import { messagesRoutes } from './index.ts'

let m: TestMessaging
let api: TestApp
beforeAll(async () => {
  const stores = await testStores()
  m = await testMessaging(stores)
  api = await testApp(stores, { rooms: [messagesRoutes(m)] })
})
afterAll(() => m.close())

const get = async (url: string) => {
  const answer = await api.app.inject({ url, headers: await api.as(m.workspaceId, 'owner') })
  expect([url, answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([url, 200, ''])
  return answer
}
const listed = async (query: string): Promise<readonly string[]> =>
  (await get(`/v1/messages?${query}`)).json().items.map(({ messageId }: { messageId: string }) => messageId)
const decide = async (change: Parameters<TestMessaging['intent']>[1]): Promise<string> => {
  const before = new Set((await m.ledger()).map(({ message_id }) => message_id))
  await m.plan(m.intent(await m.person(null), change))
  while ((await m.turn()).more);
  return (await m.ledger()).map(({ message_id }) => message_id).filter((id) => !before.has(id))[0] ?? ''
}

test('a time has the messages that changed in it, with its reasons as many as the summary counts', async () => {
  const yesterday = await decide({ plannedAt: noon })
  m.clock.moveTo(noon + 24 * hourMs)
  const from = m.clock.now() - hourMs
  const today = await decide({ plannedAt: m.clock.now(), deadlineAt: m.clock.now() + hourMs })

  expect(await listed('state=dropped')).toEqual([today, yesterday])
  expect(await listed(`state=dropped&from=${from}`)).toEqual([today])
  expect(await listed(`state=dropped&from=${noon}`)).toEqual([today, yesterday])
  expect(await listed(`from=${m.clock.now() + 1}`)).toEqual([])
  expect((await get(`/v1/messages.csv?state=dropped&from=${from}`)).body.trimEnd().split('\r\n')).toHaveLength(1 + 1)

  const counted = (await get(`/v1/messages/reasons?from=${from}`)).json().items
  expect(counted).toEqual([{ state: 'dropped', reason: counted[0].reason, count: 1 }])
  expect(await listed(`reason=${counted[0].reason}&from=${from}`)).toEqual([today])
})

test('what was held for a reason and has left since is among those that it held', async () => {
  const day = noon + 48 * hourMs
  const [evening, morning] = [day + 8 * hourMs, Date.parse('2026-06-13T06:00:00Z')]
  await m.plan(m.intent(await m.person('ada@example.com'), { plannedAt: day, deadlineAt: day + 24 * hourMs }))
  await m.workspaces.moveClock(m.workspaceId, evening)
  await m.turn()
  const [held] = await listed('state=held&reason=quiet-hours')
  await m.workspaces.moveClock(m.workspaceId, morning)
  await m.turn()
  expect(await listed('reason=quiet-hours')).toEqual([])
  expect(await listed(`state=accepted&reason=quiet-hours&from=${evening}`)).toEqual([held])
  expect(await listed(`reason=quiet-hours&from=${evening + 1}`)).toEqual([])
})
