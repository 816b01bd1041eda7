import { expect, test } from 'vitest'
import { brandAs, movableClock, type WorkspaceId } from '../kernel/index.ts'
import { emptyLedger } from './ledger-balance.ts'
import { createWorkspaceTotals } from './workspace-totals.ts'

const toys = brandAs<WorkspaceId>('toys')
const books = brandAs<WorkspaceId>('books')
const at = Date.UTC(2026, 10, 21, 12)

/** A ledger that takes so long to be counted. */
const counted = (tookMs: number, ledgers: Readonly<Record<string, object>>) => {
  const clock = movableClock(at)
  let counts = 0
  const totals = createWorkspaceTotals({
    clock,
    workspaces: async () => [toys, books],
    ledger: async (workspaceId) => {
      counts += 1
      clock.moveBy(tookMs / 2)
      return { ...emptyLedger, ...ledgers[workspaceId] }
    },
    quarantined: async () => [{ stage: 'people', lane: 'live', items: 2 }],
  })
  return { clock, totals, counts: () => counts }
}

test('one that is counted at once is counted for everybody who asks; one that takes 2 s rests for 38', async () => {
  const small = counted(0, {})
  await small.totals()
  await small.totals()
  expect(small.counts()).toBe(4)

  const big = counted(2_000, {})
  expect(await big.totals()).toMatchObject({ ledger: { countedAt: at } })
  for (let asked = 0; asked < 3; asked += 1) expect(await big.totals()).toMatchObject({ ledger: { countedAt: at } })
  expect(big.counts()).toBe(2)
  big.clock.moveTo(at + 40_000)
  expect(await big.totals()).toMatchObject({ ledger: { countedAt: at + 40_000 } })
  expect(big.counts()).toBe(4)
})

test('two ledgers that are wrong the other way round are not right together', async () => {
  const { totals } = counted(0, { toys: { planned: 3, accepted: 2 }, books: { planned: 1, accepted: 1, dropped: 1 } })
  expect(await totals()).toMatchObject({
    ledger: { planned: 4, accepted: 3, dropped: 1, difference: 2 },
    quarantined: [{ stage: 'people', lane: 'live', items: 4 }],
  })
})

test('while it cannot be counted the last count stands, with its instant; before the first there is none', async () => {
  const clock = movableClock(at)
  let isThere = false
  const totals = createWorkspaceTotals({
    clock,
    workspaces: async () => [toys],
    ledger: async () => {
      if (!isThere) throw new Error('connect ECONNREFUSED')
      return emptyLedger
    },
    quarantined: async () => [],
  })
  expect(await totals()).toBeNull()
  isThere = true
  expect(await totals()).toMatchObject({ ledger: { countedAt: at } })
  isThere = false
  clock.moveTo(at + 60_000)
  expect(await totals()).toMatchObject({ ledger: { countedAt: at } })
})
