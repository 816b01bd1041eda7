import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { must } from '../../server/src/kernel/index.ts'
import { readConnections } from '../../server/src/supervisor/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { startServer, until } from '../harness/server-process.ts'
import { readStores } from '../harness/witness-stores.ts'

/** What analytics-next, sendBeacon and the other libraries put on the wire, byte for byte where it matters. */
test('events of browsers arrive however they are sent, and what breaks the contract is answered as Segment does', async () => {
  const server = await startServer()
  const { address, dataFolder } = server
  const { workspaceId, writeKey } = await foundOperation(() => address, server.firstRunToken)
  const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` })
  const post = async (path: string, body: string | Buffer | Blob, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${address}${path}`, { method: 'POST', headers, body: body as string })
    const text = await answer.text()
    return { status: answer.status, code: codeOf(text), cors: answer.headers.get('access-control-allow-origin') }
  }
  const page = (messageId: string) => ({ messageId, anonymousId: 'browser-1', type: 'page', name: 'Home', writeKey })
  const track = (messageId: string) => ({
    ...page(messageId),
    type: 'track',
    event: 'Product Added',
    sentAt: new Date(),
  })
  const taken = { status: 200, code: null, cors: '*' }

  // analytics-next: its settings first, then one call an event, as text, the key in the body.
  const settings = await fetch(`${address}/v1/projects/${writeKey}/settings`)
  expect(settings.status).toBe(200)
  const segmentIo = { apiKey: writeKey, apiHost: `${new URL(address).host}/v1` }
  expect(await settings.json()).toMatchObject({ integrations: { 'Segment.io': segmentIo } })
  const asText = { 'content-type': 'text/plain', origin: 'https://shop.example' }
  expect(await post('/v1/t', JSON.stringify(track('next-track')), asText)).toEqual(taken)
  expect(await post('/v1/p', JSON.stringify(page('next-page')), asText)).toEqual(taken)
  const identify = { ...page('next-identify'), type: 'identify', userId: 'ann', traits: { email: 'ann@shop.example' } }
  expect(await post('/v1/i', JSON.stringify(identify), asText)).toEqual(taken)
  const preflight = await fetch(`${address}/v1/batch`, {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example' },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')

  // navigator.sendBeacon with a Blob sets its type as the content type, without one none at all.
  const beacon = JSON.stringify({ writeKey, batch: [track('beacon')] })
  expect(await post('/v1/batch', new Blob([beacon], { type: 'application/json' }))).toEqual(taken)
  expect(await post('/v1/batch', Buffer.from(JSON.stringify({ writeKey, batch: [track('bare')] })))).toEqual(taken)

  // gzip that says so, and gzip that says nothing.
  const zipped = (messageId: string) => gzipSync(JSON.stringify({ batch: [track(messageId)] }))
  expect(await post('/v1/batch', zipped('zip-said'), { ...basic(writeKey), 'content-encoding': 'gzip' })).toEqual(taken)
  expect(await post('/v1/batch', zipped('zip-unsaid'), basic(writeKey))).toEqual(taken)

  // The same request again is the same event.
  expect(await post('/v1/t', JSON.stringify(track('next-track')), asText)).toEqual(taken)

  // 400 for oversize and invalid JSON, 401 for a key nobody made; nothing of it is stored.
  const large = { ...track('large'), properties: { text: 'x'.repeat(33 * 1024) } }
  expect(await post('/v1/track', JSON.stringify(large), basic(writeKey))).toMatchObject({
    status: 400,
    code: 'too-large',
  })
  const many = JSON.stringify({
    batch: Array.from({ length: 30 }, () => ({ ...large, properties: { text: 'x'.repeat(20 * 1024) } })),
  })
  expect(await post('/v1/batch', many, basic(writeKey))).toMatchObject({ status: 400, code: 'too-large' })
  expect(await post('/v1/batch', gzipSync(many), basic(writeKey))).toMatchObject({ status: 400, code: 'too-large' })
  expect(await post('/v1/track', '{"type":', basic(writeKey))).toMatchObject({ status: 400, code: 'invalid-json' })
  expect(await post('/v1/track', JSON.stringify(track('foreign')), basic('nobody'))).toMatchObject({ status: 401 })
  expect(await post('/v1/track', JSON.stringify({ ...track('keyless'), writeKey: undefined }))).toMatchObject({
    status: 401,
  })
  expect((await fetch(`${address}/v1/projects/nobody/settings`)).status).toBe(404)

  const stores = readStores(workspaceId, () => must(readConnections(dataFolder), 'the server runs'))
  await until(
    () => stores.waiting(),
    (waiting) => waiting.length === 0,
  )
  const expected = ['bare', 'beacon', 'next-identify', 'next-page', 'next-track', 'zip-said', 'zip-unsaid']
  expect(Object.fromEntries(await stores.projected())).toEqual(Object.fromEntries(expected.map((id) => [id, 1])))
})

const codeOf = (text: string): string | null => {
  const read: { error?: { code?: string } } = JSON.parse(text)
  return read.error?.code ?? null
}
