import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testStores } from '../../../../tests/harness/stores.ts'

const { postgres } = await testStores()

test('a transaction whose process sleeps is ended by the server after as long as a lease lasts', async () => {
  const { rows } = await postgres.inGlobal((tx) =>
    sql<{ limit: string }>`select current_setting('idle_in_transaction_session_timeout') as limit`.execute(tx),
  )
  expect(rows).toEqual([{ limit: '10s' }])
})
