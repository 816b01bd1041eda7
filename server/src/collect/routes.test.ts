import { gzipSync } from 'node:zlib'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { brandAs, type Position, type WorkspaceId } from '../kernel/index.ts'
import { collectRoutes } from './routes.ts'

const taken: number[] = []
const app = fastify()
app.register((scope) =>
  collectRoutes({
    writer: {
      append: async (_workspace, _lane, _request, eventCount) => brandAs<Position>(taken.push(eventCount)),
    },
    findWriteKey: async () => ({ workspaceId: brandAs<WorkspaceId>('w'), keyId: 'k' }),
  })(scope as never),
)
const send = async (body: string | Buffer) => {
  const answer = await app.inject({ method: 'POST', url: '/v1/batch', headers: { authorization: 'Bearer k' }, body })
  return { status: answer.statusCode, said: answer.json() }
}
const zeros = (count: number) => gzipSync(JSON.stringify({ batch: new Array(count).fill(0) }))

test('a batch may hold 5,000 events, however few bytes they take', async () => {
  expect((await send(zeros(5_000))).status).toBe(200)
  expect(await send(zeros(5_001))).toMatchObject({ status: 400, said: { error: { code: 'too-large' } } })
  expect(taken).toEqual([5_000])
})

test.each([
  ['an object', { name: 'x'.repeat(33_000) }],
  ['a list', [['x'.repeat(33_000)]]],
  ['a text', 'x'.repeat(33_000)],
])('no event may take more than 32 KB, were it %s', async (_, event) => {
  const small = { type: 'track', event: 'A', userId: 'u' }
  expect(await send(JSON.stringify({ batch: [small, event] }))).toMatchObject({
    status: 400,
    said: { error: { code: 'too-large' } },
  })
})
