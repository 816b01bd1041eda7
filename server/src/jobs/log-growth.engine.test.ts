import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { addWorkspace } from '../../../tests/harness/pipeline.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import type { Position } from '../kernel/index.ts'
import { logGrowth } from './wakeup-store.ts'

const stores = await testStores()
const { postgres, databaseUrl } = stores

test('each look at the log begins where the one before ended, and none misses what committed between', async () => {
  const until = Date.now() + 3_000
  let scannedTo = 0 as Position
  let looks = 0
  let missed = false
  const looked = new Map<string, () => void>()
  const look = async () => {
    while (Date.now() < until && !missed) {
      const { settled, grown } = await logGrowth(postgres, scannedTo)
      scannedTo = settled
      looks += 1
      for (const { workspaceId } of grown) looked.get(workspaceId)?.()
    }
  }
  let written = 0
  /** Writes a lone event and waits to be noticed before it writes the next: what is missed once is missed for good. */
  const write = async (workspaceId: string) => {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    onTestFinished(() => client.end())
    for (let n = 0; Date.now() < until; n += 1) {
      const before = looks
      let isNoticed = false
      looked.set(workspaceId, () => {
        isNoticed = true
      })
      await client.query('begin; select baton_begin_log_write()')
      for (let pause = n % 5; pause > 0; pause -= 1) await client.query('select 1')
      await client.query(
        `insert into log_entry (position, workspace_id, lane, event_count, received_at) values (baton_position(), $1, 'live', 1, 1)`,
        [workspaceId],
      )
      await client.query('commit')
      written += 1
      const committedAt = looks
      // Some looks later is late enough: the writers that hold a look back are done within one or two.
      while (!isNoticed && looks < committedAt + 200 && Date.now() < until) await client.query('select 1')
      if (!isNoticed && looks >= committedAt + 200) missed = true
      expect(isNoticed || Date.now() >= until, `written after ${before} looks, not noticed in 200 more`).toBe(true)
    }
  }
  const workspaceIds = await Promise.all([1, 2, 3].map(() => addWorkspace(stores)))
  await Promise.all([look(), ...workspaceIds.map(write)])
  expect(written).toBeGreaterThan(50)
})
