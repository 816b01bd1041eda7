import { page, pageQuery, type Role } from '@baton/contract'
import pino from 'pino'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { brandAs, type WorkspaceId } from '../kernel/index.ts'
import type { Principal } from './access.ts'
import type { Who } from './authenticate.ts'
import { csvOf } from './csv-of-list.ts'
import { decodeCursor, pageFrom } from './cursor.ts'
import { createHttpServer } from './http-server.ts'

const workspaceId = brandAs<WorkspaceId>('01900000-0000-7000-8000-000000000001')
const callers: Readonly<Record<string, Pick<Principal, 'role' | 'scope'>>> = {
  owner: { role: 'owner', scope: {} },
  conductor: { role: 'conductor', scope: {} },
  narrow: { role: 'owner', scope: { permissions: ['personal-data:export'] } },
}
const tookOut: string[] = []
const who: Who = {
  bySession: async () => null,
  byApiKey: async (key) => {
    const caller = callers[key]
    return caller === undefined ? null : { kind: 'api-key', workspaceId, actor: `key:${key}`, ...caller }
  },
  tookOut: async ({ actor }, { list, path }) => {
    tookOut.push(`${actor} ${list} ${path}`)
  },
}

const row = z.object({ id: z.int(), name: z.string() })
const rows = Array.from({ length: 1201 }, (_, id) => ({
  id,
  name: id === 3 ? '=1+1' : id === 4 ? 'a, "b"\n' : `n${id}`,
}))
let pagesAsked = 0
const { app } = await createHttpServer({
  log: pino({ level: 'silent' }),
  publicUrl: 'http://127.0.0.1:4400',
  version: 'test',
  who,
  rooms: [
    (room) => {
      room.get(
        '/v1/things',
        {
          config: {
            access: { permission: 'people:read' },
            csv: csvOf('things', row, { id: ({ id }) => id, name: ({ name }) => name }),
          },
          schema: {
            querystring: pageQuery.extend({ from: z.coerce.number().default(0) }),
            response: { 200: page(row) },
          },
        },
        (request) => {
          pagesAsked += 1
          const { cursor, limit, from } = request.query
          const after = decodeCursor(z.tuple([z.int()]), cursor)?.[0] ?? -1
          if (from < 0 && cursor !== undefined) throw new Error('the store is gone')
          const found = rows.filter(({ id }) => id > after && id >= from).slice(0, limit + 1)
          return pageFrom(
            found,
            limit,
            ({ id }) => [id],
            (each) => each,
          )
        },
      )
    },
  ],
})
afterAll(() => app.close())

const ask = (url: string, as: Role | 'narrow' = 'owner') =>
  app.inject({ url, headers: { authorization: `Bearer ${as}` } })

test('the whole list comes as one file, page by page, whatever the limit, and the audit knows before it', async () => {
  const answer = await ask('/v1/things.csv?limit=2')
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="things.csv"',
  })
  const lines = answer.body.split('\r\n')
  expect([lines[0], lines[1], lines[4], lines.at(-2), lines.at(-1)]).toEqual([
    '\uFEFFid,name',
    '0,n0',
    "3,'=1+1",
    '1200,n1200',
    '',
  ])
  expect(lines[5]).toBe('4,"a, ""b""\n"')
  expect(lines).toHaveLength(rows.length + 2)
  expect(tookOut).toEqual(['key:owner things /v1/things.csv'])
})

test('filters and the walls of the list hold for its file', async () => {
  expect((await ask('/v1/things.csv?from=1199')).body).toBe('\uFEFFid,name\r\n1199,n1199\r\n1200,n1200\r\n')
  expect((await ask('/v1/things.csv?from=x')).statusCode).toBe(400)
  expect((await app.inject({ url: '/v1/things.csv' })).statusCode).toBe(401)
})

test('who may read the list may not take it out by that, nor the other way round', async () => {
  tookOut.length = 0
  expect((await ask('/v1/things', 'conductor')).statusCode).toBe(200)
  expect((await ask('/v1/things.csv', 'conductor')).statusCode).toBe(403)
  expect((await ask('/v1/things.csv', 'narrow')).statusCode).toBe(403)
  expect(tookOut).toEqual([])
})

test('it takes as many looks as pages, and a file that breaks off is an error', async () => {
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: 'Bearer owner' }
  pagesAsked = 0
  const whole = await fetch(`${address}/v1/things.csv`, { headers })
  expect((await whole.text()).split('\r\n')).toHaveLength(rows.length + 2)
  expect(pagesAsked).toBe(2)
  const broken = await fetch(`${address}/v1/things.csv?from=-1`, { headers })
  expect(broken.status).toBe(200)
  await expect(broken.text()).rejects.toThrow()
})

test('the API describes the file beside the list', async () => {
  const { paths } = (await app.inject({ url: '/v1/openapi.json' })).json()
  const { get } = paths['/v1/things.csv']
  expect(get.summary).toContain('CSV')
  expect(get.parameters.map(({ name }: { name: string }) => name)).toContain('from')
})
