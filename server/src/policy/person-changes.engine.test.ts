import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'

const stores = await testStores()
let m: TestMessaging
beforeAll(async () => {
  m = await testMessaging(stores)
})
afterAll(() => m.close())

test('who notes down one wish leaves alone what she chose herself meanwhile', async () => {
  const { personId } = await m.person('ada@example.com', false)
  const change = async (wanted: Parameters<typeof m.policy.changePerson>[2]) =>
    (await m.policy.changePerson(m.workspaceId, personId, wanted, 'user:ann')).preferences
  await change({ preferences: { unsubscribedAll: true, topicsOff: ['offers'] } })

  expect(await change({ preferences: { weeklyLimit: 2 } })).toMatchObject({
    unsubscribedAll: true,
    topicsOff: ['offers'],
    weeklyLimit: 2,
  })
  expect(await change({ topics: { off: ['advice', 'offers'], on: ['news'] } })).toMatchObject({
    unsubscribedAll: true,
    topicsOff: ['advice', 'offers'],
    weeklyLimit: 2,
  })
  expect(await change({ topics: { off: [], on: ['offers'] } })).toMatchObject({ topicsOff: ['advice'] })
})
