import { gatherEventParts } from '../server/src/people/index.ts'
import type { BenchServer } from './bench-server.ts'

/** The subject of `user-<n>`, the same in both engines. */
const uuidOfMd5 = (hex: string) =>
  `concat_ws('-', substr(${hex}, 1, 8), substr(${hex}, 9, 4), substr(${hex}, 13, 4), substr(${hex}, 17, 4), substr(${hex}, 21, 12))`

/** Makes `user-0` … `user-<count-1>` known people, as if each had identified herself once, by SQL in both engines. */
export const fillPeople = async (server: BenchServer, count: number): Promise<void> => {
  const { owner, clickhouse, workspaceId } = server
  const slice = 100_000
  for (let from = 0; from < count; from += slice) {
    const to = Math.min(count, from + slice) - 1
    const numbered = `(select n, md5('subject-' || n)::uuid as id from generate_series(${from}, ${to}) n) s`
    await owner.query(
      `insert into subject (workspace_id, subject_id, person_id, first_seen_at) select $1, id, id, 1700000000000 from ${numbered} order by id`,
      [workspaceId],
    )
    await owner.query(
      `insert into identifier (workspace_id, kind, value, subject_id, first_seen_at) select $1, 'userId', 'user-' || n, id, 1700000000000 from ${numbered}`,
      [workspaceId],
    )
    await owner.query(
      `insert into identifier (workspace_id, kind, value, subject_id, first_seen_at) select $1, 'email', 'user-' || n || '@shop.example', id, 1700000000000 from ${numbered}`,
      [workspaceId],
    )
    await owner.query(
      `insert into profile (workspace_id, subject_id, traits, trait_times, updated_at)
       select $1, id, jsonb_build_object('plan', (array['free', 'plus', 'pro'])[n % 3 + 1], 'age', 18 + n % 60, 'email', 'user-' || n || '@shop.example'),
         '{"plan":1,"age":1,"email":1}', 1700000000000 from ${numbered}`,
      [workspaceId],
    )
    await clickhouse.command({
      sql: `insert into person (workspace_id, person_id, subjects, identifiers, traits, first_seen_at, gone, version)
        with lower(hex(MD5(concat('subject-', toString(number))))) as h,
          toUUID(${uuidOfMd5('h').replace('concat_ws', 'concatWithSeparator')}) as id
        select {w:UUID}, id, [id], [('userId', concat('user-', toString(number))), ('email', concat('user-', toString(number), '@shop.example'))],
          concat('{"plan":"', ['free', 'plus', 'pro'][number % 3 + 1], '","age":', toString(18 + number % 60), '.0,"email":"user-', toString(number), '@shop.example"}')::JSON(max_dynamic_paths = 256),
          toDateTime64(1700000000, 3), false, 0
        from numbers({from:UInt64}, {count:UInt64})`,
      params: { w: workspaceId, from, count: to - from + 1 },
      pool: 'long',
    })
  }
  await owner.query('analyze subject; analyze identifier; analyze profile')
}

/** Stores `count` events of the last ninety days for those people, straight into ClickHouse. */
export const fillEvents = async (server: BenchServer, people: number, count: number): Promise<void> => {
  const slice = 1_000_000
  const now = Date.now() / 1000
  for (let from = 0; from < count; from += slice) {
    await server.clickhouse.command({
      sql: `insert into event (workspace_id, subject_id, occurred_at, received_at, type, name, message_id, historic, properties, batch, position)
        with lower(hex(MD5(concat('subject-', toString(cityHash64(number) % {people:UInt64}))))) as h,
          toUUID(${uuidOfMd5('h').replace('concat_ws', 'concatWithSeparator')}) as id,
          toDateTime64({now:Float64} - (cityHash64(number, 1) % 7776000), 3) as at
        select {w:UUID}, id, at, toDateTime64({now:Float64}, 3), 'track',
          ['Product Viewed', 'Product Added', 'Checkout Started', 'Product List Viewed', 'Order Completed', 'Page Scrolled'][number % 6 + 1],
          concat('fill-', toString(number)), true,
          concat('{"price":', toString((number % 400) / 10 + 3.55), ',"revenue":', toString((number % 9000) / 100 + 5.505), ',"category":"learning","product_id":"p-', toString(number % 500), '"}')::JSON(max_dynamic_paths = 256),
          0, 0
        from numbers({from:UInt64}, {count:UInt64})`,
      params: { w: server.workspaceId, people, now, from, count: Math.min(slice, count - from) },
      settings: { max_partitions_per_insert_block: 200 },
      pool: 'long',
    })
  }
  // As a night's chores leave it.
  await gatherEventParts(server.clickhouse)
}
