import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addWorkspace, type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { createRunner, holdWorkers } from '../jobs/index.ts'
import { OperatorError, systemClock } from '../kernel/index.ts'
import type { PeopleFeed } from './index.ts'
import { rebuildProjection } from './rebuild.ts'
import { rebuiltTables } from './rebuild-sql.ts'

let pipeline: TestPipeline
beforeAll(async () => {
  pipeline = await testPipeline()
})
afterAll(() => pipeline.stop())

const append = (messageId: string) =>
  pipeline.collect.appendEvents(
    pipeline.workspaceId,
    'live',
    [{ messageId, type: 'track', userId: 'u', event: 'Seen' }],
    { source: 'test' },
  )

/** Another worker, for as long as it takes to handle all there is. */
const workOnce = async (workspaceId = pipeline.workspaceId) => {
  const { stores, people, clock } = pipeline
  const runner = createRunner({
    postgres: stores.postgres,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    stages: people.stages,
    domainNow: async () => clock.now(),
    holder: 'another',
  })
  await runner.start()
  await runner.settle(workspaceId)
  await runner.stop()
}

const stored = async (workspaceId = pipeline.workspaceId) =>
  (
    await pipeline.stores.clickhouse.query<{ id: string }>({
      sql: 'select message_id as id from event where workspace_id = {w:UUID} order by id',
      params: { w: workspaceId },
    })
  ).map(({ id }) => id)

test('a rebuild that lost the workers while it wrote swaps nothing; run again, it has what they projected meanwhile', async () => {
  const { stores, people, workspaceId, runner } = pipeline
  const { postgres, clickhouse } = stores
  await append('one')
  await runner.settle(workspaceId)
  await runner.stop()

  let isHeld = false
  let isLost = false
  const feed: PeopleFeed = {
    after: async (...asked) => {
      const found = await people.feed.after(...asked)
      if (!isHeld || isLost) return found
      isLost = true
      // PostgreSQL was away for longer than the leases last, and the worker was back first.
      await stores.admin('update lease set expires_at = 0')
      await append('three')
      await workOnce()
      return found
    },
  }
  const rebuild = () =>
    rebuildProjection({
      postgres,
      clickhouse,
      feed,
      workspaces: async () => [workspaceId],
      holdWorkers: async (work) => {
        // Something for the last stretch.
        await append('two')
        await workOnce()
        isHeld = true
        return holdWorkers({ postgres, clock: systemClock }, work)
      },
      signal: new AbortController().signal,
      progress: () => undefined,
    })
  await expect(rebuild()).rejects.toThrow(/run it again/i)
  expect(await stored()).toEqual(['one', 'three', 'two'])
  expect(await rebuild()).toMatchObject({ kind: 'rebuilt' })
  expect(await stored()).toEqual(['one', 'three', 'two'])
})

test('a rebuild that was stopped goes on only where its tables are: after ClickHouse was lost it begins anew', async () => {
  const { stores, people, workspaceId } = pipeline
  const { postgres, clickhouse } = stores
  const rebuild = (signal: AbortSignal, progress: () => void) =>
    rebuildProjection({
      postgres,
      clickhouse,
      feed: people.feed,
      workspaces: async () => [workspaceId],
      holdWorkers: (work) => holdWorkers({ postgres, clock: systemClock }, work),
      signal,
      progress,
    })
  const left = new AbortController()
  expect(await rebuild(left.signal, () => left.abort())).toEqual({ kind: 'stopped' })
  for (const table of rebuiltTables) {
    await clickhouse.command({ sql: `drop table ${table}_rebuild` })
    await clickhouse.command({ sql: `truncate table ${table}` })
  }
  const outcome = await rebuild(new AbortController().signal, () => undefined)
  expect(outcome).toMatchObject({ kind: 'rebuilt', events: 3 })
  expect(await stored()).toEqual(['one', 'three', 'two'])
})

/** A rebuild, with what happens in it. */
const rebuildWith = (feed: PeopleFeed, signal = new AbortController().signal) =>
  rebuildProjection({
    postgres: pipeline.stores.postgres,
    clickhouse: pipeline.stores.clickhouse,
    feed,
    workspaces: async () => [pipeline.workspaceId],
    holdWorkers: (work) => holdWorkers({ postgres: pipeline.stores.postgres, clock: systemClock }, work),
    signal,
    progress: () => undefined,
  })

test('a second rebuild beside the first is refused, and doubles nothing', async () => {
  const { people } = pipeline
  const second: unknown[] = []
  const feed: PeopleFeed = {
    after: async (...asked) => {
      if (second.length === 0) second.push(await rebuildWith(people.feed).catch((error: unknown) => error))
      return people.feed.after(...asked)
    },
  }
  expect(await rebuildWith(feed)).toMatchObject({ kind: 'rebuilt' })
  expect(second).toEqual([expect.any(OperatorError)])
  expect(String(second[0])).toContain('Another rebuild')
  expect(await stored()).toEqual(['one', 'three', 'two'])
  expect(await rebuildWith(people.feed)).toMatchObject({ kind: 'rebuilt' })
})

test('a rebuild that was stopped in its last stretch swaps nothing in, and goes on when it is run again', async () => {
  const { stores, people } = pipeline
  const { postgres, clickhouse } = stores
  const stop = new AbortController()
  let asked = 0
  const stopped = await rebuildProjection({
    postgres,
    clickhouse,
    feed: people.feed,
    workspaces: async () => {
      asked += 1
      return [pipeline.workspaceId]
    },
    holdWorkers: async (work) =>
      holdWorkers({ postgres, clock: systemClock }, (held) => {
        stop.abort()
        return work(held)
      }),
    signal: stop.signal,
    progress: () => undefined,
  })
  expect(stopped).toEqual({ kind: 'stopped' })
  expect(asked).toBe(2)
  expect(await clickhouse.query({ sql: 'select person_id from person' })).not.toEqual([])
  expect(await rebuildWith(people.feed)).toMatchObject({ kind: 'rebuilt', people: 1 })
  expect(await stored()).toEqual(['one', 'three', 'two'])
})

test('a workspace that is made while a rebuild runs keeps what it has', async () => {
  const { people, stores, collect } = pipeline
  const known = [pipeline.workspaceId]
  const outcome = await rebuildProjection({
    postgres: stores.postgres,
    clickhouse: stores.clickhouse,
    feed: people.feed,
    workspaces: async () => [...known],
    holdWorkers: async (work) => {
      const made = await addWorkspace(stores)
      const event = { messageId: 'of-the-new', type: 'track', userId: 'v', event: 'Seen' }
      await collect.appendEvents(made, 'live', [event], { source: 'test' })
      known.push(made)
      await workOnce(made)
      return holdWorkers({ postgres: stores.postgres, clock: systemClock }, work)
    },
    signal: new AbortController().signal,
    progress: () => undefined,
  })
  expect(outcome).toMatchObject({ kind: 'rebuilt' })
  expect(await stored(known[1])).toEqual(['of-the-new'])
})

test('tables that an older version’s rebuild left half filled are thrown away', async () => {
  const { people, stores } = pipeline
  const left = new AbortController()
  const feed: PeopleFeed = {
    after: async (...asked) => {
      left.abort()
      return people.feed.after(...asked)
    },
  }
  expect(await rebuildWith(feed, left.signal)).toEqual({ kind: 'stopped' })
  await stores.clickhouse.command({ sql: 'alter table event_rebuild drop column number_texts' })
  expect(await rebuildWith(people.feed)).toMatchObject({ kind: 'rebuilt', events: 3 })
  expect(await stored()).toEqual(['one', 'three', 'two'])
  expect(await stores.clickhouse.query({ sql: 'select number_texts from event limit 1' })).toHaveLength(1)
})
