import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'
import { testApp } from '../../../tests/harness/app.ts'
import { type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { channelsRoutes } from '../channels/index.ts'
import { defaultTemplateId } from '../content/index.ts'
import { inboundRoutes } from './index.ts'

const stores = await testStores()
const got: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, session, done) => {
    stream.resume()
    stream.on('end', () => {
      got.push(session.envelope.rcptTo[0]?.address ?? '')
      done()
    })
  },
})
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
afterAll(() => new Promise<void>((done) => server.close(() => done())))

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
  const m = await testMessaging(stores, { smtpPort: (server.server.address() as AddressInfo).port })
  const { ofChannel, ofTemplate } = await doors(m)
  await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'system')
  for (const answer of [await ofChannel('a@example.com'), await ofTemplate('b@example.com')])
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', remedy: expect.stringContaining('restore --confirm-sending') } },
    })
  expect(got).toEqual([])
  await m.policy.changeSettings(m.workspaceId, { killSwitch: false }, 'system')
  expect(await ofChannel('a@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
  expect(await ofTemplate('b@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
  expect(got).toEqual(['a@example.com', 'b@example.com'])
})

test('a test mail to the local mailbox stays in the house, so that the kill switch does not stop it', async () => {
  const m = await testMessaging(stores)
  const { ofChannel, ofTemplate } = await doors(m)
  await m.policy.changeSettings(m.workspaceId, { killSwitch: true }, 'system')
  expect(await ofChannel('a@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
  expect(await ofTemplate('b@example.com')).toMatchObject({ status: 200, body: { outcome: 'accepted' } })
})
