import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { createRunner, holdWorkers } from '../jobs/index.ts'
import { systemClock } from '../kernel/index.ts'
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
const workOnce = async () => {
  const { stores, people, clock, workspaceId } = pipeline
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

const stored = async () =>
  (
    await pipeline.stores.clickhouse.query<{ id: string }>({
      sql: 'select message_id as id from event where workspace_id = {w:UUID} order by id',
      params: { w: pipeline.workspaceId },
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
