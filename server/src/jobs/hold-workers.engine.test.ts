import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { until } from '../../../tests/harness/server-process.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { must, newId, systemClock, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { holdWorkers } from './hold-workers.ts'
import { releaseLeases, takeLeases } from './lease-store.ts'
import { checkLease } from './position-store.ts'
import { allShards } from './shard.ts'

const stores = await testStores()
const { postgres } = stores
const deps = { postgres, clock: systemClock }

const expire = () => stores.admin('update lease set expires_at = 0')
const takeAs = (holder: string, most = allShards.length) =>
  takeLeases(postgres, { names: allShards, holder, held: new Map(), most, now: systemClock.now(), forMs: 60_000 })

test('who holds the workers keeps them, and gives them back', async () => {
  const answer = await holdWorkers(deps, async ({ confirm }) => {
    expect(await takeAs('worker')).toEqual([])
    await confirm()
    return 'done'
  })
  expect(answer).toBe('done')
  const taken = await takeAs('worker')
  expect(taken).toHaveLength(allShards.length)
  await releaseLeases(postgres, 'worker', taken)
})

test('a hold that ran out and was taken by nobody is a hold still', async () => {
  await holdWorkers(deps, async ({ confirm }) => {
    await expire()
    await confirm()
    expect(await takeAs('worker')).toEqual([])
  })
})

test('one lease that another had, and be it for a moment, ends the hold: nothing is confirmed, and the other keeps it', async () => {
  const said: unknown[] = []
  const holding = holdWorkers(deps, async ({ confirm }) => {
    await expire()
    const taken = await takeAs('worker', 1)
    for (const round of ['held by another', 'given back']) {
      await confirm().catch((error: unknown) => said.push([round, String(error)]))
      await releaseLeases(postgres, 'worker', taken)
    }
    return 'done, whatever it heard'
  })
  await expect(holding).rejects.toThrow(/Run it again/)
  expect(said).toEqual([
    ['held by another', expect.stringContaining('Run it again')],
    ['given back', expect.stringContaining('Run it again')],
  ])
  expect(await stores.admin('select count(*)::int as n from lease where expires_at > 0')).toEqual([{ n: 0 }])
})

test('who lost the workers does not take them back', async () => {
  const holding = holdWorkers(deps, async () => {
    await expire()
    await takeAs('worker')
  })
  await expect(holding).rejects.toThrow(/Run it again/)
  expect(await stores.admin('select distinct holder, expires_at > 0 as held from lease')).toEqual([
    { holder: 'worker', held: true },
  ])
})

/** A hold that begins while a turn is committing; `meanwhile` is done while it waits for that. */
const holdBesideTurn = async (work: () => Promise<void>, meanwhile: (tx: Tx) => Promise<void>) => {
  const lease = { name: 'shard:3', token: 0 }
  const [grant] = await stores.admin<{ token: number }>('select token::int as token from lease where name = $1', [
    lease.name,
  ])
  const turn = {
    workspaceId: newId<WorkspaceId>(),
    lane: 'live' as const,
    now: 0,
    lease: { ...lease, token: must(grant, 'it was held before').token },
    signal: new AbortController().signal,
  }
  let hasEnded = false
  let holding: Promise<string> | undefined
  await postgres.inGlobal(async (tx) => {
    await checkLease(tx, turn)
    const held = holdWorkers(deps, work).then(
      () => 'held',
      (error: unknown) => String(error),
    )
    holding = held.finally(() => {
      hasEnded = true
    })
    const isWaiting = () =>
      stores.admin(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    await until(isWaiting, (found) => found.length > 0 || hasEnded)
    await meanwhile(tx)
  })
  return holding
}

test('work begins when the turn that was just committing has ended; the hold is renewed while it waits for that', async () => {
  const order: string[] = []
  const answer = await holdBesideTurn(
    async () => void order.push('held'),
    async (tx) => {
      await stores.admin(`update lease set expires_at = 1 where name <> 'shard:0'`)
      const isRenewed = async () => {
        await sql`select 1`.execute(tx)
        return stores.admin('select 1 from lease where expires_at = 1')
      }
      await until(isRenewed, (left) => left.length === 0)
      order.push('committed')
    },
  )
  expect(answer).toBe('held')
  expect(order).toEqual(['committed', 'held'])
})

test('work does not begin where another had a lease while the hold waited', async () => {
  let hasBegun = false
  const answer = await holdBesideTurn(
    async () => {
      hasBegun = true
    },
    async () => {
      await expire()
      await takeAs('worker', 1)
    },
  )
  expect(answer).toMatch(/Run it again/)
  expect(hasBegun).toBe(false)
})
