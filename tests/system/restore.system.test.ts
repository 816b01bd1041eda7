import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { decodeBatch } from '../../server/src/collect/index.ts'
import { crashPoints } from '../../server/src/kernel/crash-point.ts'
import { must } from '../../server/src/kernel/index.ts'
import { readConnections } from '../../server/src/supervisor/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { compareWhenQuiet, startSite } from '../faults/site.ts'
import { freshDataFolder, spawnBaton, startServer, until } from '../harness/server-process.ts'
import { readStores } from '../harness/witness-stores.ts'
import { judgeMails, judgeProjection, noBreach } from '../harness/witness-verdict.ts'

const intact = { lost: noBreach, doubled: noBreach, phantom: noBreach }
/** What is held by the kill switch is asked again once a minute. */
const askedAgainWithinMs = 120_000

const baton = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { ended, child, output } = spawnBaton(args, { env })
  const code = await ended
  return { code, signal: child.signalCode, said: output() }
}

/** Rows of a running server's PostgreSQL, of one workspace if it is named. */
const ask = async <Row extends pg.QueryResultRow>(dataFolder: string, sql: string, workspaceId = '') => {
  const { databaseUrl } = must(readConnections(dataFolder), 'a server runs there')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(`select set_config('baton.workspace', $1, false)`, [workspaceId])
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Shoppers who put something into a cart; every second one of them buys it. */
const shop = (from: number, to: number, { buys }: { readonly buys: boolean }) =>
  Array.from({ length: to - from }, (_, index) => from + index).flatMap((number) => {
    const userId = `user-${number}`
    const cart = { cart_id: `cart-${number}`, name: 'Blocks', price: 12.5, currency: 'EUR' }
    const of = (what: string) => ({ messageId: `${what}-${number}`, userId, timestamp: new Date().toISOString() })
    return [
      { ...of('identify'), type: 'identify', traits: { email: `s${number}@shop.example` } },
      { ...of('consent'), type: 'track', event: 'Consent Given', properties: { purposes: ['inform'], source: 'shop' } },
      { ...of('added'), type: 'track', event: 'Product Added', properties: cart },
      ...(buys && number % 2 === 0
        ? [{ ...of('order'), type: 'track', event: 'Order Completed', properties: { ...cart, order_id: `${number}` } }]
        : []),
    ]
  })

const send = async (address: string, writeKey: string, batch: readonly object[]): Promise<void> => {
  const answer = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  })
  expect(answer.status).toBe(200)
}

test('a restored copy fills ClickHouse and sends nothing until that is confirmed; what the original may have sent meanwhile, it never does', {
  timeout: 600_000,
}, async () => {
  const site = await startSite()
  const { operation, witness } = site
  const { workspaceId, writeKey } = operation
  await send(witness.address, writeKey, shop(0, 20, { buys: true }))
  expect((await compareWhenQuiet(site)).clickhouse).toEqual(intact)
  const mailsBefore = witness.testimony().mails.size
  expect(mailsBefore).toBe(10)

  // The original's worker halts, so that what comes now is in the backup and has not been dealt with by anybody.
  const original = site.server()
  process.kill(original.pidOf('worker'), 'SIGSTOP')
  onTestFinished(() => void process.kill(original.pidOf('worker'), 'SIGCONT'))
  await send(witness.address, writeKey, shop(20, 25, { buys: false }))
  const backup = join(freshDataFolder(), 'backup')
  expect(await baton(['backup', backup, '--data', original.dataFolder])).toMatchObject({ code: 0 })

  const folder = freshDataFolder()
  const restored = await baton(['restore', backup, '--data', folder])
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('Nothing is sent from this copy') })
  const copy = await startServer({ dataFolder: folder, env: { BATON_EGRESS_ALLOW: `127.0.0.1:${witness.smtpPort}` } })
  expect(copy.firstRunToken).toBeNull()
  const stores = readStores(workspaceId, () => must(readConnections(folder), 'the copy runs'))
  const uncertain = () =>
    ask(
      folder,
      `select reason, count(*)::int from message where state not in ('accepted', 'planned') group by reason`,
      workspaceId,
    )
  expect(
    await until(uncertain, (rows) => rows.length > 0 && JSON.stringify(rows).includes('"count":5'), 120_000),
  ).toEqual([{ reason: 'restored', count: 5 }])
  expect(witness.testimony().mails.size).toBe(mailsBefore)

  // The original goes on for a while, and sends them.
  process.kill(original.pidOf('worker'), 'SIGCONT')
  const mails = () => Promise.resolve(witness.testimony().mails.size)
  await until(mails, (size) => size === mailsBefore + 5, 120_000)
  expect(await baton(['restore', '--confirm-sending', '--data', folder])).toMatchObject({
    code: 0,
    said: expect.stringMatching(
      /1 workspace may send again[\s\S]*5 messages that fell due since the backup are uncertain/,
    ),
  })
  const quiet = () =>
    until(
      () => stores.waiting(),
      (waiting) => waiting.length === 0,
      askedAgainWithinMs,
    )
  await quiet()
  // ClickHouse of the copy, filled from the log, against everything that was ever acknowledged.
  expect(judgeProjection(witness.testimony(), await stores.projected())).toEqual(intact)
  expect((await stores.memberships()).wrong).toEqual([])

  await send(copy.address, writeKey, shop(25, 28, { buys: false }))
  await until(mails, (size) => size >= mailsBefore + 8, askedAgainWithinMs)
  await quiet()
  const seen = witness.testimony()
  expect(seen.mails.size).toBe(mailsBefore + 8)
  expect(judgeMails(seen.mails, await stores.ledger())).toEqual({ ...intact, uncertain: 5 })
  const runs = 'select count(*)::int as runs, count(distinct entry_key)::int as carts from journey_run'
  expect(await ask(folder, runs, workspaceId)).toEqual([{ runs: 28, carts: 28 }])
})

test('a restore that is killed leaves nothing, or a whole copy that waits; so does confirming', {
  timeout: 600_000,
}, async () => {
  const passed: string[] = []
  const killedAt = async (point: (typeof crashPoints)[number], args: readonly string[]) => {
    passed.push(point)
    expect(await baton(args, { CRASH_AT: `${point}:1` })).toMatchObject({ code: null, signal: 'SIGKILL' })
  }
  const original = await startServer()
  const { call } = await foundOperation(() => original.address, original.firstRunToken)
  await call('POST', '/v1/workspaces', { name: 'Books', currency: 'EUR', timeZone: 'UTC' })
  expect(await original.stop()).toBe(0)
  const backup = join(freshDataFolder(), 'backup')
  expect(await baton(['backup', backup, '--data', original.dataFolder])).toMatchObject({ code: 0 })
  const secretIn = (folder: string) => readFileSync(join(folder, 'secret'), 'utf8')

  const folder = freshDataFolder()
  const restore = ['restore', backup, '--data', folder]
  const confirm = ['restore', '--confirm-sending', '--data', folder]
  expect(await baton(restore, { BATON_SECRET: 'another one than that of the original' })).toMatchObject({
    code: 1,
    said: expect.stringContaining('another secret'),
  })
  await killedAt('restore.before-commit', restore)
  // Nothing was there to be seen, so the same command does it.
  await killedAt('restore.committed', restore)
  expect(secretIn(folder)).toBe(secretIn(original.dataFolder))
  expect(await baton(restore)).toMatchObject({
    code: 1,
    said: expect.stringContaining('holds a restored copy already'),
  })

  const copy = await startServer({ dataFolder: folder })
  const held = await ask<{ id: string }>(folder, 'select workspace_id as id from restore_hold order by 1')
  const switches = async () => {
    const isOn = `select settings->'killSwitch' as "isOn" from policy_setting`
    return (await Promise.all(held.map(({ id }) => ask(folder, isOn, id)))).flat()
  }
  expect(await switches()).toEqual([{ isOn: true }, { isOn: true }])
  expect(await copy.stop()).toBe(0)

  await killedAt('restore.settled-one', confirm)
  await killedAt('restore.freed-one', confirm)
  expect(await baton(confirm)).toMatchObject({ code: 0, said: expect.stringContaining('1 workspace may send again') })
  expect(await baton(confirm)).toMatchObject({ code: 1, said: expect.stringContaining('waits to send') })
  const free = await startServer({ dataFolder: folder })
  expect(await switches()).toEqual([{ isOn: false }, { isOn: false }])
  expect(await free.stop()).toBe(0)

  expect(passed).toEqual(crashPoints.filter((point) => point.startsWith('restore.')))
})

const people = z.object({ items: z.array(z.object({ personId: z.uuid() })), total: z.number() })
const erasures = z.object({ items: z.array(z.object({ erasureId: z.uuid(), state: z.string() })) })

test('who was erased after the backup is hidden in a copy before anybody can look', {
  timeout: 600_000,
}, async () => {
  const original = await startServer()
  const operation = await foundOperation(() => original.address, original.firstRunToken)
  await send(original.address, operation.writeKey, shop(0, 4, { buys: true }))
  const search = async (call: typeof operation.call) => people.parse(await call('GET', '/v1/people?search=user-2'))
  const [person] = (
    await until(
      () => search(operation.call),
      ({ items }) => items.length === 1,
      60_000,
    )
  ).items
  const backup = join(freshDataFolder(), 'backup')
  expect(await baton(['backup', backup, '--data', original.dataFolder])).toMatchObject({ code: 0 })
  await operation.call('POST', `/v1/people/${must(person, 'she was found').personId}/erasure`)
  const states = async () => erasures.parse(await operation.call('GET', '/v1/erasures')).items.map(({ state }) => state)
  await until(states, ([state]) => state === 'done', 60_000)
  expect((await search(operation.call)).total).toBe(3)

  const folder = freshDataFolder()
  const file = join(original.dataFolder, 'erasures.jsonl')
  expect(readFileSync(file, 'utf8')).not.toContain('user-2')
  expect(await baton(['restore', backup, '--data', folder, '--erasures', file])).toMatchObject({
    code: 0,
    said: expect.stringContaining('1 person whose data was erased after the backup is hidden again'),
  })
  const copy = await startServer({ dataFolder: folder })
  const rows = (sql: string) => ask(folder, sql, operation.workspaceId)
  expect(await rows(`select value from identifier where value like '%user-2%'`)).toEqual([])
  await until(
    () => rows('select state from erasure'),
    (found) => JSON.stringify(found) === '[{"state":"done"}]',
    60_000,
  )
  expect(await rows('select subject_id from subject')).toHaveLength(3)
  const log = (await ask<{ payload: Buffer }>(folder, 'select payload from log_batch', operation.workspaceId))
    .flatMap(({ payload }) => decodeBatch(payload))
    .map(({ body }) => body.toString('utf8'))
  expect(log.join()).toContain('"user-1"')
  expect(log.join()).not.toContain('"user-2"')
  expect(copy.firstRunToken).toBeNull()
})
