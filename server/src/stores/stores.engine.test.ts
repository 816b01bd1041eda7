import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'

const { postgres, clickhouse } = await testStores()

test('a fresh, migrated database of each kind for a test file', async () => {
  const { rows } = await postgres.inGlobal((tx) => sql<{ n: number }>`select count(*) as n from table_kind`.execute(tx))
  expect(rows[0]?.n).toBeGreaterThan(3)
  expect(await clickhouse.query({ sql: 'SELECT count() AS n FROM event' })).toEqual([{ n: 0 }])
})
