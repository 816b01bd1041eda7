import { expect, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'
import { systemClock } from '../kernel/index.ts'
import { holdWorkers } from './hold-workers.ts'
import { releaseLeases, takeLeases } from './lease-store.ts'
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
