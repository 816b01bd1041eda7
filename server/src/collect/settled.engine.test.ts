import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { addWorkspace } from '../../../tests/harness/pipeline.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { movableClock, must, type Position } from '../kernel/index.ts'
import { createCollect, readLogAfter } from './index.ts'

const stores = await testStores()
const { postgres, databaseUrl } = stores

const connect = async (url = databaseUrl): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}
const numberOf = async (client: pg.Client, sql: string): Promise<number> =>
  Number(must((await client.query<{ n: string }>(`select ${sql} as n`)).rows[0], 'a row').n)

test('a long transaction that does not write to the log holds nobody back, one that does is waited for', async () => {
  const workspaceId = await addWorkspace(stores)
  const collect = createCollect({ postgres, clock: movableClock(Date.UTC(2026, 10, 2)) })
  const send = (messageId: string) =>
    collect.appendEvents(workspaceId, 'live', [{ messageId, type: 'track', event: 'Sent', userId: 'u' }], {
      source: 'test',
    })
  const read = async () => (await readLogAfter(postgres, workspaceId, 'live', 0 as Position, 1_000)).batches.length

  const long = await connect()
  await long.query('begin')
  await long.query('select pg_current_xact_id()')
  await send('while a tick is being sealed')
  // Writers of this database only: other test files have databases of their own on the same server.
  await expect.poll(read).toBe(1)

  const writer = await connect()
  await writer.query('begin')
  const begun = await numberOf(writer, 'baton_begin_log_write()')
  await send('after somebody who has not committed')
  expect(await numberOf(long, 'baton_settled()')).toBe(begun)
  expect(await read()).toBe(1)
  await writer.query('rollback')
  await expect.poll(read).toBe(2)
})

test('a writer whose number is not seen yet counts as the oldest that runs', async () => {
  // The server gives a transaction its number first and the lock that shows it a moment later. Nobody can stop a writer there;
  // one that has not asked for a number looks the same from outside.
  const oldest = await connect()
  await oldest.query('begin')
  const number = await numberOf(oldest, 'baton_position()')
  const writer = await connect()
  await writer.query('begin; lock table log_entry in row exclusive mode')
  const younger = await connect()
  const passed = await numberOf(younger, 'baton_position()')
  expect(passed).toBeGreaterThan(number)
  expect(await numberOf(younger, 'baton_settled()')).toBeLessThanOrEqual(number)
  await writer.query('rollback')
  await expect.poll(() => numberOf(younger, 'baton_settled()')).toBeGreaterThan(passed)
})

test('nothing ever appears below a line that was called settled', async () => {
  const writers = await Promise.all(Array.from({ length: 6 }, () => connect()))
  const others = await Promise.all(Array.from({ length: 2 }, () => connect()))
  const workspaceId = await addWorkspace(stores)
  let open = true
  const until = Date.now() + 3_000
  let written = 0
  const write = async (client: pg.Client, seed: number) => {
    for (let n = 0; Date.now() < until; n += 1) {
      await client.query('begin')
      await client.query('select baton_begin_log_write()')
      for (let pause = (n * 7 + seed) % 5; pause > 0; pause -= 1) await client.query('select 1')
      await client.query(
        `insert into log_entry (position, workspace_id, lane, event_count, received_at) values (baton_position(), $1, 'live', 1, 1)`,
        [workspaceId],
      )
      for (let pause = (n * 3 + seed) % 7; pause > 0; pause -= 1) await client.query('select 1')
      const fails = (n + seed) % 11 === 0
      await client.query(fails ? 'rollback' : 'commit')
      if (!fails) written += 1
    }
  }
  const disturb = async (client: pg.Client) => {
    while (open) {
      await client.query('begin; select pg_current_xact_id(); select pg_sleep(0.02); commit')
    }
  }
  const reader = await connect()
  const seen = new Set<string>()
  let line = 0
  const read = async () => {
    while (open) {
      const settled = await numberOf(reader, 'baton_settled()')
      const { rows } = await reader.query<{ position: string }>(
        'select position from log_entry where workspace_id = $1 and position < $2',
        [workspaceId, settled],
      )
      for (const { position } of rows) {
        if (seen.has(position)) continue
        expect(Number(position), 'below a line that was settled before').toBeGreaterThanOrEqual(line)
        seen.add(position)
      }
      line = Math.max(line, settled)
    }
  }
  const reading = Promise.all([read(), ...others.map(disturb)])
  await Promise.all(writers.map(write))
  await expect.poll(() => seen.size, { timeout: 10_000 }).toBe(written)
  open = false
  await reading
  expect(written).toBeGreaterThan(100)
})
