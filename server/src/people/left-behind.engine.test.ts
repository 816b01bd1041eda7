import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestPipeline, testPipeline, tombstoneKey } from '../../../tests/harness/pipeline.ts'
import type { Lane, Stage, Turn } from '../jobs/index.ts'
import { must, RetryableError } from '../kernel/index.ts'
import { createExclusively } from './exclusively.ts'
import { createPeople } from './index.ts'
import { createProjectionStage } from './projection-stage.ts'

/** What a stage finds that comes after another one left something unfinished, or has to read the log. */
let pipeline: TestPipeline
beforeEach(async () => {
  pipeline = await testPipeline()
  await pipeline.runner.stop()
  await pipeline.stores.admin(`insert into lease values ('test', 'test', 1, 0)`)
})
afterEach(() => pipeline.stop())

const turnOf = (lane: Lane): Turn => ({
  workspaceId: pipeline.workspaceId,
  lane,
  now: pipeline.clock.now(),
  lease: { name: 'test', token: 1 },
  signal: new AbortController().signal,
})
const stages = (): readonly [people: Stage, projection: Stage] => {
  const [people, projection] = pipeline.people.stages
  return [must(people, 'people'), must(projection, 'projection')]
}
const send = async (lane: Lane, ...events: readonly object[]) => {
  await pipeline.collect.appendEvents(pipeline.workspaceId, lane, events as never, { source: 'test' })
}
/** Other test files' transactions hold the edge back for a moment. */
const handle = async (lane: Lane) => {
  const [last] = await pipeline.stores.admin<{ position: number }>(
    'select max(position)::float8 as position from log_batch',
  )
  for (;;) {
    const [settled] = await pipeline.stores.admin<{ below: number }>('select baton_settled()::float8 as below')
    if (must(settled, 'a row').below > must(last, 'a row').position) break
  }
  await stages()[0].turn(turnOf(lane))
}

test('a batch of one lane that could not be written is finished before one of the other lane: nothing below what is projected is hidden', async () => {
  const { stores, people, workspaceId } = pipeline
  await send('bulk', { messageId: 'old', type: 'track', userId: 'ann', event: 'Bought' })
  await handle('bulk')
  const broken = {
    ...stores.clickhouse,
    insert: async () => {
      throw new RetryableError('ClickHouse is away', 0)
    },
  }
  const deps = { postgres: stores.postgres, feed: people.feed, exclusively: createExclusively() }
  await expect(createProjectionStage({ ...deps, clickhouse: broken }).turn(turnOf('bulk'))).rejects.toThrow('away')

  await send('live', { messageId: 'new', type: 'track', userId: 'ann', event: 'Bought' })
  await handle('live')
  await stages()[1].turn(turnOf('live'))
  const projected = await people.projected(workspaceId)
  expect(projected.live).toBeGreaterThan(0)
  const seen = await stores.clickhouse.query<{ id: string }>({
    sql: `select message_id as id from event where workspace_id = {w:UUID} and batch <= {batch:UInt64} order by id`,
    params: { w: workspaceId, batch: projected.batch },
  })
  expect(seen.map(({ id }) => id)).toEqual(['new', 'old'])
  expect(projected.bulk).toBeGreaterThan(0)
})

test('read from the log, a merge is told with the batches of its own turn, not with the last one that was read', async () => {
  const { people, stores, collect, workspaceId } = pipeline
  await send('live', { messageId: '1', type: 'track', userId: 'ann', event: 'Seen' })
  await handle('live')
  await send('live', { messageId: '2', type: 'track', anonymousId: 'browser', event: 'Seen' })
  await handle('live')
  const [, second] = await people.feed.after(workspaceId, 'live', 0 as never, 100)
  const loser = must([...must(second, 'two were sent').personOf.values()][0], 'the browser is somebody')
  await send('live', { messageId: '3', type: 'identify', userId: 'ann', anonymousId: 'browser' })
  await handle('live')
  await send('live', { messageId: '4', type: 'track', userId: 'ben', event: 'Seen' })
  await handle('live')

  // Another process remembers nothing and reads all of it at once.
  const { postgres, clickhouse } = stores
  const domainNow = async () => pipeline.clock.now()
  const fresh = createPeople({ postgres, clickhouse, collect, currencyOf: async () => 'EUR', domainNow, tombstoneKey })
  const batches = await fresh.feed.after(workspaceId, 'live', 0 as never, 100)
  expect(batches.map(({ reshapedPersons }) => reshapedPersons.includes(loser))).toEqual([false, true, true, false])
})
