import { afterAll, expect, test } from 'vitest'
import { testApp } from '../../../tests/harness/app.ts'
import { startMailSink } from '../../../tests/harness/mail-sink.ts'
import { type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { channelsRoutes } from '../channels/index.ts'
import { defaultTemplateId } from '../content/index.ts'
import { inboundRoutes } from './index.ts'

const stores = await testStores()
const sink = await startMailSink()
afterAll(sink.close)

const doors = async (m: TestMessaging) => {
  afterAll(() => m.close())
  const api = await testApp(stores, { rooms: [channelsRoutes(m), inboundRoutes(m)] })
  const headers = await api.as(m.workspaceId, 'owner')
  const test = async (url: string, to: string) => {
    const answer = await api.app.inject({ method: 'POST', url, headers, payload: { to } })
    return { status: answer.statusCode, body: answer.json() }
  }
  return {
    ofChannel: (to: string) => test('/v1/channels/email/test', to),
    ofTemplate: (to: string) => test(`/v1/templates/${defaultTemplateId(m.workspaceId, 'welcome')}/test`, to),
  }
}

test('with the kill switch on no test mail leaves either, and the answer says what to do', async () => {
  const m = await testMessaging(stores, { smtpPort: sink.port })
  const { ofChannel, ofTemplate } = await doors(m)
  await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'system')
  for (const answer of [await ofChannel('a@example.com'), await ofTemplate('b@example.com')])
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', remedy: expect.stringContaining('restore --confirm-sending') } },
    })
  expect(sink.got).toEqual([])
  await m.policy.changeSettings(m.workspaceId, { killSwitch: false }, 'system')
  expect(await ofChannel('a@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
  expect(await ofTemplate('b@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
  expect(sink.got).toEqual(['a@example.com', 'b@example.com'])
})

test('a test mail to the local mailbox stays in the house, so that the kill switch does not stop it', async () => {
  const m = await testMessaging(stores)
  const { ofChannel, ofTemplate } = await doors(m)
  await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'system')
  expect(await ofChannel('a@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
  expect(await ofTemplate('b@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
})
