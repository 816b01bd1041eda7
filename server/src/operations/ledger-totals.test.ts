import { expect, test } from 'vitest'
import { brandAs, movableClock, type WorkspaceId } from '../kernel/index.ts'
import { emptyLedger } from './ledger-balance.ts'
import { createLedgerTotals } from './ledger-totals.ts'

const toys = brandAs<WorkspaceId>('toys')
const books = brandAs<WorkspaceId>('books')
const at = Date.UTC(2026, 10, 21, 12)

/** A ledger that takes so long to be counted. */
const counted = (tookMs: number, ledgers: Readonly<Record<string, object>>) => {
  const clock = movableClock(at)
  let counts = 0
  const totals = createLedgerTotals({
    clock,
    workspaces: async () => [toys, books],
    ledger: async (workspaceId) => {
      counts += 1
      clock.moveBy(tookMs / 2)
      return { ...emptyLedger, ...ledgers[workspaceId] }
    },
  })
  return { clock, totals, counts: () => counts }
}

test('one that is counted at once is counted for everybody who asks; one that takes 2 s rests for 38', async () => {
  const small = counted(0, {})
  await small.totals()
  await small.totals()
  expect(small.counts()).toBe(4)

  const big = counted(2_000, {})
  expect(await big.totals()).toMatchObject({ countedAt: at })
  for (let asked = 0; asked < 3; asked += 1) expect(await big.totals()).toMatchObject({ countedAt: at })
  expect(big.counts()).toBe(2)
  big.clock.moveTo(at + 40_000)
  expect(await big.totals()).toMatchObject({ countedAt: at + 40_000 })
  expect(big.counts()).toBe(4)
})

test('two ledgers that are wrong the other way round are not right together', async () => {
  const { totals } = counted(0, { toys: { planned: 3, accepted: 2 }, books: { planned: 1, accepted: 1, dropped: 1 } })
  expect(await totals()).toMatchObject({ planned: 4, accepted: 3, dropped: 1, difference: 2 })
})

test('while it cannot be counted the last count stands, with its instant; before the first there is none', async () => {
  const clock = movableClock(at)
  let isThere = false
  const totals = createLedgerTotals({
    clock,
    workspaces: async () => [toys],
    ledger: async () => {
      if (!isThere) throw new Error('connect ECONNREFUSED')
      return emptyLedger
    },
  })
  expect(await totals()).toBeNull()
  isThere = true
  expect(await totals()).toMatchObject({ countedAt: at })
  isThere = false
  clock.moveTo(at + 60_000)
  expect(await totals()).toMatchObject({ countedAt: at })
})
