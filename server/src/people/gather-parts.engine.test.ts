import { expect, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'
import { gatherEventParts } from './index.ts'

const { clickhouse } = await testStores()

const standing = async () => {
  const [events] = await clickhouse.query<{ rows: number; digest: number }>({
    sql: 'select toUInt32(count()) as rows, sum(cityHash64(message_id)) % 1000000007 as digest from event',
  })
  const parts = await clickhouse.query<{ year: string; parts: number }>({
    sql: `select partition_id as year, toUInt32(count()) as parts from system.parts
      where database = currentDatabase() and table = 'event' and active group by year order by year`,
  })
  return { events, parts }
}

test('the events of a year come to lie in one part, and stay the same', async () => {
  await clickhouse.command({ sql: 'system stop merges event' })
  for (let n = 0; n < 6; n += 1)
    await clickhouse.command({
      sql: `insert into event (workspace_id, subject_id, occurred_at, received_at, type, name, message_id, batch)
        select generateUUIDv4(), generateUUIDv4(), at, at, 'track', 'Seen', concat('${n}-', toString(number)), 1
        from (select number, toDateTime64('${n < 5 ? 2026 : 2025}-03-01 00:00:00', 3) as at from numbers(100))`,
    })
  const before = await standing()
  expect(before.parts).toEqual([
    { year: '2025', parts: 1 },
    { year: '2026', parts: 5 },
  ])
  await clickhouse.command({ sql: 'system start merges event' })
  expect(await gatherEventParts(clickhouse)).toBe(1)
  const after = await standing()
  expect(after.events).toEqual(before.events)
  expect(after.parts).toEqual([
    { year: '2025', parts: 1 },
    { year: '2026', parts: 1 },
  ])
  expect(await gatherEventParts(clickhouse)).toBe(0)
})
