import pg from 'pg'
import { expect, test } from 'vitest'
import { must } from '../../server/src/kernel/index.ts'
import { readConnections } from '../../server/src/supervisor/index.ts'
import { startServer, until } from '../harness/server-process.ts'

test('a demo that was left for own data starts again without a sample, and says so', { timeout: 240_000 }, async () => {
  const first = await startServer({ command: ['demo'] })
  expect(first.output()).not.toContain('is not made again')
  const post = async (path: string, body: object, cookie = '') => {
    const headers = { 'content-type': 'application/json', origin: first.address, cookie }
    const answer = await fetch(`${first.address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '' }
  }
  const ann = { name: 'Ann', email: 'ann@toys.example', password: 'a few words do well' }
  // Refused until the sample is there, which becomes hers.
  const { cookie } = await until(
    () => post('/v1/first-run', { token: first.firstRunToken, ...ann }),
    ({ status }) => status === 200,
  )
  const workspace = { name: 'Toys', currency: 'EUR', timeZone: 'UTC' }
  expect(await post('/v1/sample/leave', { workspace }, cookie)).toMatchObject({ status: 200 })
  expect(await first.stop()).toBe(0)

  const again = await startServer({ command: ['demo'], dataFolder: first.dataFolder })
  expect(again.output()).toContain('The sample was left for your own data and is not made again')
  const { databaseUrl } = must(readConnections(first.dataFolder), 'the server runs')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query('select name, is_sample as "isSample" from workspace where closed_at is null')
  await client.end()
  expect(rows).toEqual([{ name: 'Toys', isSample: false }])
  expect(await again.stop()).toBe(0)
})
