import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addWorkspace } from '../../../tests/harness/pipeline.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { changesAfter } from './tick-store.ts'

const stores = await testStores()
const changes = 50_000
const page = 1_000

/** Changes of forty kinds, as many as a first look at everybody writes: of so few kinds nobody tells the planner anything. */
const filled = async () => {
  const workspaceId = await addWorkspace(stores)
  await stores.admin(
    `insert into membership_change_kind (workspace_id, kind_id, rule_key, version, entered, cause, evidence)
     select $1, md5('kind ' || kind)::uuid, 'segment:' || kind, 1, true, 'behaviour', '[]' from generate_series(0, 39) kind`,
    [workspaceId],
  )
  await stores.admin(
    `insert into membership_change (workspace_id, tick, position, rule_id, kind_id, person_id, at, known_at)
     select $1, 1, 1, md5('rule ' || n % 40)::uuid, md5('kind ' || n % 40)::uuid, gen_random_uuid(), n, n from generate_series(1, $2::integer) n`,
    [workspaceId, changes],
  )
  await stores.admin('analyze membership_change')
  await stores.admin(
    `insert into segment_tick (workspace_id, number, now, due_through, live_position, bulk_position, handled)
     values ($1, 1, 0, 0, 0, 0, 0)`,
    [workspaceId],
  )
  return workspaceId
}

test('a page of changes reads its own rows, and not all that are left to be read', async () => {
  const workspaceId = await filled()
  const [{ middle } = { middle: 0 }] = await stores.admin<{ middle: number }>(
    'select ((min(seq) + max(seq)) / 2)::int as middle from membership_change',
  )
  const looked = await stores.postgres.inWorkspace(workspaceId, async (tx) => {
    const read = await changesAfter(tx, workspaceId, middle, page)
    expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: page }, (_, n) => middle + 1 + n))
    const { rows } = await sql<{ rows: number }>`
      select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname = 'membership_change'`.execute(
      tx,
    )
    return rows[0]?.rows
  })
  expect(looked).toBeLessThanOrEqual(page + 1)
})
