import { expect, test } from 'vitest'
import { whereIs } from '../../../tests/harness/find-bytes.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { wholeRooms } from '../../../tests/harness/whole-rooms.ts'
import { holdWorkers } from '../jobs/index.ts'
import { must, systemClock } from '../kernel/index.ts'
import { type PeopleFeed, rebuildProjection } from '../people/index.ts'

const stores = await testStores()
const { postgres, clickhouse } = stores

const userId = 'needle-user'
const hers = [
  { type: 'identify', userId, messageId: 'needle-1', traits: { email: 'needle@orchard.example' } },
  { type: 'track', userId, event: 'Seen', messageId: 'needle-2' },
]
const others = [{ type: 'track', userId: 'other', event: 'Seen', messageId: 'other-1' }]

/** A rebuild within whose first read of the log, before it writes what it read, she is erased, to `done`. */
const erasedWhileRead = async () => {
  const whole = await wholeRooms(stores)
  const { rooms, runner, workspaceId, send } = whole
  await send(...hers, ...others)
  const personId = must(await rooms.people.find(workspaceId, 'userId', userId), 'she sent something')
  const left = new AbortController()
  let isErased = false
  const feed: PeopleFeed = {
    after: async (...asked) => {
      const found = await rooms.people.feed.after(...asked)
      if (isErased) return found
      isErased = true
      expect(found.flatMap(({ events }) => events)).toHaveLength(3)
      const { erasureId } = await rooms.erasures.request(workspaceId, personId, 'user:test')
      await runner.settle(workspaceId)
      expect(await rooms.erasures.get(workspaceId, erasureId)).toMatchObject({ state: 'done' })
      return found
    },
  }
  const rebuild = (progress: () => void = () => undefined) =>
    rebuildProjection({
      postgres,
      clickhouse,
      feed,
      workspaces: async () => [workspaceId],
      holdWorkers: (work) => holdWorkers({ postgres, clock: systemClock }, work),
      signal: left.signal,
      progress,
    })
  const isNowhere = async () => {
    expect(await rooms.people.erasures.countInClickHouse(workspaceId, [personId])).toBe(0)
    expect(await whereIs(stores, workspaceId, ['needle'])).toEqual([])
  }
  const countEvents = async () =>
    clickhouse.query({
      sql: 'select message_id as id from event where workspace_id = {w:UUID}',
      params: { w: workspaceId },
    })
  return { rebuild, left, isNowhere, countEvents }
}

test('who is erased between what a rebuild reads and what it writes is not brought back by it', async () => {
  const { rebuild, isNowhere, countEvents } = await erasedWhileRead()
  expect(await rebuild()).toMatchObject({ kind: 'rebuilt' })
  await isNowhere()
  expect(await countEvents()).toEqual([{ id: 'other-1' }])
})

test('nor does she stand in the tables of a rebuild that is stopped then', async () => {
  const { rebuild, left, isNowhere } = await erasedWhileRead()
  expect(await rebuild(() => left.abort())).toEqual({ kind: 'stopped' })
  await isNowhere()
})
