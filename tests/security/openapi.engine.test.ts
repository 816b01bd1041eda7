import { gzipSync } from 'node:zlib'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operations as operationsTexts } from '../../console/src/texts/en/operations.ts'
import { newId, systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { makeKey } from '../../server/src/workspaces/index.ts'
import { createAnswerCheck, openApiDocument } from '../harness/answers.ts'
import { mountEverything } from '../harness/mounted.ts'
import { testStores } from '../harness/stores.ts'

const stores = await testStores()
const { app, rooms } = await mountEverything(stores)
const document = openApiDocument.parse((await app.inject({ url: '/v1/openapi.json' })).json())

const operation = z.looseObject({
  summary: z.string(),
  responses: z.record(z.string(), z.unknown()),
  security: z.array(z.record(z.string(), z.array(z.string()))),
})
const operationOf = (path: string, method: string) => operation.parse(document.paths[path]?.[method])

test('the document is OpenAPI 3.1 by its official schema', async () => {
  const verdict = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(verdict).toEqual({ valid: true })
})

test('every stage, and nothing else, has a name in the console', () => {
  const { names } = operationsTexts.stages
  expect(Object.keys(names).sort()).toEqual(rooms.stages.map(({ name }) => name).sort())
})

test('every operation has a summary and says what its answers look like, errors too', () => {
  const poor: string[] = []
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`
      if (!operation.safeParse(described).success) poor.push(`${name} has no summary or no security`)
      const { responses } = described
      if (!Object.keys(responses).some((status) => status >= '400')) poor.push(`${name} lists no error`)
      for (const [status, { content }] of Object.entries(responses)) {
        const isEmpty =
          content === undefined || !Object.values(content).every((each) => hasSchema.safeParse(each).success)
        if (isEmpty && !['204', '302'].includes(status)) poor.push(`${name} does not describe ${status}`)
      }
    }
  }
  expect(poor).toEqual([])
})
const hasSchema = z.object({ schema: z.unknown() })

test('a route’s errors follow from who may call it and what it takes', () => {
  expect(Object.keys(operationOf('/v1/people', 'get').responses)).toEqual([
    '200',
    '400',
    '401',
    '403',
    '404',
    '500',
    '503',
  ])
  const changes = operationOf('/v1/segments', 'post').responses
  expect(Object.keys(changes)).toEqual(['201', '400', '401', '403', '404', '409', '413', '415', '500', '503'])
  expect(JSON.stringify(changes['403'])).toContain('["forbidden","cross-origin"]')
  expect(Object.keys(operationOf('/healthz', 'get').responses)).toEqual(['200', '500', '503'])
})

test('an answer that is not as described is found out', () => {
  const check = createAnswerCheck(document)
  const seen = { method: 'GET', path: '/healthz', status: 200, contentType: 'application/json; charset=utf-8' }
  expect(check({ ...seen, body: '{"state":"ok"}' })).toBeNull()
  expect(check({ ...seen, body: '{"state":"fine"}' })).toContain('must be')
  expect(check({ ...seen, body: '{"state":"ok","more":1}' })).toContain('additional')
  expect(check({ ...seen, status: 418, body: '{}' })).toContain('lists no such answer')
  expect(check({ ...seen, contentType: 'text/html', body: 'ok' })).toContain('is text/html')
  expect(check({ ...seen, path: '/v1/made-up', body: '{}' })).toContain('does not know this route')
  const refused = { ...seen, path: '/v1/people', status: 403 }
  const told = { message: 'No.', remedy: 'Ask.' }
  expect(check({ ...refused, body: JSON.stringify({ error: { code: 'forbidden', ...told } }) })).toBeNull()
  expect(check({ ...refused, body: JSON.stringify({ error: { code: 'token-invalid', ...told } }) })).toContain(
    'allowed',
  )
})

describe('the collect routes answer as the document says', () => {
  const workspaceId = newId<WorkspaceId>()
  const key = async () => {
    const made = await rooms.workspaces.create({ name: 'Toys', currency: 'EUR', timeZone: 'UTC' }, { ownerId: null })
    const deps = { postgres: stores.postgres, clock: systemClock, workspaces: rooms.workspaces }
    const draft = { kind: 'write', name: 'shop', role: null, scope: {} } as const
    return (await makeKey(deps, { workspaceId: made.workspaceId, actor: 'system' }, draft)).key
  }
  const event = { event: 'Order Completed', userId: 'u-1', properties: { total: 12 } }
  // `inject` itself throws when an answer does not fit the document.
  const send = async (path: string, payload: string | Buffer, headers: Record<string, string>) =>
    (await app.inject({ method: 'POST', url: path, payload, headers })).statusCode

  test('whatever way the key and the body come', async () => {
    const writeKey = await key()
    const basic = { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` }
    const bearer = { authorization: `Bearer ${writeKey}` }
    const json = JSON.stringify(event)
    expect(await send('/v1/track', json, { ...basic, 'content-type': 'application/json' })).toBe(200)
    expect(await send('/v1/track', json, { ...bearer, 'content-type': 'text/plain' })).toBe(200)
    for (const type of ['', 'json', 'text/plain;charset', 'application/x-www-form-urlencoded'])
      expect(await send('/v1/t', json, { ...basic, 'content-type': type })).toBe(200)
    expect(await send('/v1/track', JSON.stringify({ ...event, writeKey }), {})).toBe(200)
    expect(await send('/v1/track', gzipSync(json), { ...basic, 'content-encoding': 'gzip' })).toBe(200)
    expect(await send('/v1/track', gzipSync(json), basic)).toBe(200)
    // Nothing in it can be read as an event; it is kept and shown with its reason.
    expect(await send('/v1/track', '[]', basic)).toBe(200)
    expect(operationOf('/v1/track', 'post').security).toEqual([{ writeKey: [] }, { writeKeyAsBearer: [] }, {}])
  })

  test('32 KB an event, 500 KB a batch, gzip or not; JSON; a key that is one', async () => {
    const bearer = { authorization: `Bearer ${await key()}` }
    const sized = (bytes: number) => {
      const shell = JSON.stringify({ ...event, pad: '' }).length
      return JSON.stringify({ ...event, pad: 'x'.repeat(bytes - shell) })
    }
    expect(await send('/v1/track', sized(32_768), bearer)).toBe(200)
    expect(await send('/v1/track', sized(32_769), bearer)).toBe(400)
    expect(await send('/v1/track', gzipSync(sized(32_769)), bearer)).toBe(400)
    const batch = (count: number) => `{"batch":[${Array.from({ length: count }, () => sized(32_000)).join(',')}]}`
    expect(await send('/v1/batch', batch(15), bearer)).toBe(200)
    expect(await send('/v1/batch', batch(17), bearer)).toBe(400)
    expect(await send('/v1/batch', `{"batch":[${sized(32_769)}]}`, bearer)).toBe(400)
    const refusal = async (path: string, payload: Buffer) =>
      (await app.inject({ method: 'POST', url: path, payload, headers: bearer })).json().error
    const zipped = gzipSync(JSON.stringify(event))
    for (const path of ['/v1/track', '/v1/batch']) {
      const damaged = await refusal(path, zipped.subarray(0, -9))
      expect(damaged).toMatchObject({ code: 'invalid-json', message: expect.stringContaining('could not be unzipped') })
      const bomb = await refusal(path, gzipSync(Buffer.alloc(100_000_000, ' ')))
      expect(bomb).toMatchObject({ code: 'too-large', message: expect.stringContaining('32 KB') })
    }
    for (const none of ['{', '']) expect(await send('/v1/track', none, bearer)).toBe(400)
    expect(await send('/v1/track', JSON.stringify(event), {})).toBe(401)
    expect(await send('/v1/track', JSON.stringify(event), { authorization: `Bearer ${workspaceId}` })).toBe(401)
    expect((await app.inject({ url: '/v1/projects/unknown/settings' })).statusCode).toBe(404)
  })
})
