import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { addWorkspace } from '../../../tests/harness/pipeline.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { dayMs, movableClock, type Position } from '../kernel/index.ts'
import { createCollect, decodeBatch, keepPartitions, readLogTail } from './index.ts'

const stores = await testStores()
const { postgres, admin } = stores
const monday = Date.UTC(2026, 10, 2, 12)

const partitionsOf = async (table: string) =>
  (
    await admin<{ name: string; rows: string }>(
      `select c.relname as name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', c.relname), false, true, '')))[1]::text as rows
       from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass order by 1`,
      [table],
    )
  ).flatMap(({ name, rows }) => (rows === '0' ? [] : [`${name} ${rows}`]))

test('events that arrived while nobody made partitions move into theirs, none lost', async () => {
  const clock = movableClock(monday)
  const collect = createCollect({ postgres, clock })
  const workspaceId = await addWorkspace(stores)
  const send = (messageId: string) =>
    collect.appendEvents(workspaceId, 'live', [{ messageId, type: 'track', event: 'Sent', userId: 'u' }], {
      source: 'test',
    })

  await send('before the first worker')
  await collect.tendPartitions()
  expect(await partitionsOf('log_batch')).toEqual(['log_batch_20261102 1'])
  for (const [day, messageId] of [[4, 'on Friday'] as const, [7, 'on Monday'] as const]) {
    clock.moveTo(monday + day * dayMs)
    await send(messageId)
  }
  await admin('insert into dedup_key values (1400, $1)', [crypto.randomUUID()])
  await collect.tendPartitions()
  await collect.tendPartitions()

  expect(await partitionsOf('log_batch')).toEqual([
    'log_batch_20261102 1',
    'log_batch_20261106 1',
    'log_batch_20261109 1',
  ])
  expect(await partitionsOf('dedup_key')).toEqual(['dedup_key_1400 1'])
  const batches = await readLogTail(postgres, workspaceId, Number.MAX_SAFE_INTEGER as Position, 100)
  const kept = batches.map(({ payload }) => decodeBatch(payload)[0]?.body.toString())
  const messageIds = kept.map((body): unknown => JSON.parse(body ?? '').batch[0].messageId)
  expect(messageIds).toEqual(['on Monday', 'on Friday', 'before the first worker'])
})

test('an event that arrives while its partition is being made is stored all the same', async () => {
  const clock = movableClock(monday + 60 * dayMs)
  const collect = createCollect({ postgres, clock })
  const workspaceId = await addWorkspace(stores)
  const maker = new pg.Client({ connectionString: stores.ownerUrl })
  await maker.connect()
  onTestFinished(() => maker.end())
  await maker.query('begin')
  await maker.query('select ensure_partitions($1::date)', [new Date(clock.now()).toISOString().slice(0, 10)])
  const sent = collect.appendEvents(
    workspaceId,
    'live',
    [{ messageId: 'm', type: 'track', event: 'Sent', userId: 'u' }],
    {
      source: 'test',
    },
  )
  const blocked = () => admin<{ n: number }>('select count(*)::int as n from pg_locks where not granted')
  await expect.poll(async () => (await blocked())[0]?.n).toBeGreaterThan(0)
  await maker.query('commit')
  await sent
  expect(await readLogTail(postgres, workspaceId, Number.MAX_SAFE_INTEGER as Position, 100)).toHaveLength(1)
})

test('while a backup reads the log, partitions are not waited for: the log can be read, and they are made soon after', async () => {
  const clock = movableClock(monday + 200 * dayMs)
  const collect = createCollect({ postgres, clock })
  const workspaceId = await addWorkspace(stores)
  const backup = new pg.Client({ connectionString: stores.ownerUrl })
  await backup.connect()
  onTestFinished(() => backup.end())
  await backup.query('begin')
  await backup.query('select 1 from log_batch, log_verdict, dedup_key limit 1')
  const log = { warn: () => undefined }
  const partitions = keepPartitions({ collect, log, retryMs: 1 })
  onTestFinished(partitions.stop)

  const tended = partitions.tend()
  expect(await readLogTail(postgres, workspaceId, Number.MAX_SAFE_INTEGER as Position, 100)).toEqual([])
  await tended
  const made = async () => (await admin(`select 1 from pg_class where relname = 'log_batch_20270521'`)).length
  expect(await made()).toBe(0)
  await backup.query('commit')
  await expect.poll(made, { timeout: 20_000 }).toBe(1)
})
