import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import type { Turn } from '../jobs/index.ts'
import { must } from '../kernel/index.ts'
import { createExclusively } from './exclusively.ts'
import type { PeopleFeed } from './index.ts'
import { createProjectionStage } from './projection-stage.ts'

let pipeline: TestPipeline
beforeAll(async () => {
  pipeline = await testPipeline()
})
afterAll(() => pipeline.stop())

const turnWith = (token: number): Turn => ({
  workspaceId: pipeline.workspaceId,
  lane: 'live',
  now: pipeline.clock.now(),
  lease: { name: 'test', token },
  signal: new AbortController().signal,
})

/** The stage of a worker that falls asleep once it knows what it is about to seal. */
const sleepyStage = () => {
  const { stores, people } = pipeline
  const asleep = Promise.withResolvers<void>()
  const woken = Promise.withResolvers<void>()
  const feed: PeopleFeed = {
    after: async (...asked) => {
      const found = await people.feed.after(...asked)
      asleep.resolve()
      await woken.promise
      return found
    },
  }
  const { postgres, clickhouse } = stores
  const stage = createProjectionStage({ postgres, clickhouse, feed, exclusively: createExclusively() })
  return { stage, asleep: asleep.promise, wake: () => woken.resolve() }
}

const stored = async () =>
  pipeline.stores.clickhouse.query<{ id: string; times: number }>({
    sql: 'select message_id as id, count() as times from event where workspace_id = {w:UUID} group by id order by id',
    params: { w: pipeline.workspaceId },
  })

test('a worker that slept past its lease before it sealed writes nothing twice and leaves nothing half-done', async () => {
  const { people, collect, workspaceId, stores, runner } = pipeline
  await runner.stop()
  await stores.admin(`insert into lease values ('test', 'sleepy', 1, 0)`)
  const [peopleStage, projection] = people.stages
  const send = async (messageId: string) => {
    const event = { messageId, type: 'track', userId: 'u', event: 'Seen' }
    await collect.appendEvents(workspaceId, 'live', [event], { source: 'test' })
  }
  const settled = () => stores.admin<{ below: number }>('select baton_settled()::float8 as below')
  const handled = async (token: number) => {
    // Other test files' transactions hold the edge back for a moment.
    const [last] = await stores.admin<{ position: number }>('select max(position)::float8 as position from log_batch')
    while (must((await settled())[0], 'a row').below <= must(last, 'a row').position) await settled()
    await must(peopleStage, 'people').turn(turnWith(token))
  }
  await send('one')
  await handled(1)
  const sleepy = sleepyStage()
  const turn = sleepy.stage.turn(turnWith(1))
  await sleepy.asleep

  await stores.admin(`update lease set holder = 'other', token = 2 where name = 'test'`)
  await send('two')
  await handled(2)
  const other = must(projection, 'projection')
  await other.turn(turnWith(2))
  sleepy.wake()
  await expect(turn).rejects.toThrow('held by another worker')

  await send('three')
  await handled(2)
  await other.turn(turnWith(2))
  expect(await stored()).toEqual([
    { id: 'one', times: 1 },
    { id: 'three', times: 1 },
    { id: 'two', times: 1 },
  ])
  expect(await stores.admin('select 1 from projection_batch where not committed')).toEqual([])
})
