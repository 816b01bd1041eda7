import type { ImportJob } from '@baton/contract'
import { expect, test } from 'vitest'
import { isRunning, percentOf } from './import-progress.ts'

const job: ImportJob = {
  importId: '0192f0a0-0000-7000-8000-000000000000',
  kind: 'orders',
  fileName: 'orders.csv',
  source: 'shop',
  state: 'receiving',
  bytes: 0,
  bytesRead: 0,
  rows: 0,
  accepted: 0,
  rejected: 0,
  rejectedByReason: {},
  orders: 0,
  returns: 0,
  cancellations: 0,
  guestOrders: 0,
  customers: null,
  totals: [],
  understood: null,
  problem: null,
  createdAt: 0,
  updatedAt: 0,
  finishedAt: null,
}

test.each([
  [{ state: 'receiving', bytes: 500 }, 1000, 17],
  [{ state: 'receiving', bytes: 500 }, null, 0],
  [{ state: 'reading', bytes: 1000, bytesRead: 500 }, 1000, 50],
  [{ state: 'reading', bytes: 0 }, null, 33],
  [{ state: 'writing', accepted: 100, orders: 50 }, null, 83],
  [{ state: 'done' }, null, 100],
] as const)('%j is so far', (change, sentBytes, percent) => {
  expect(Math.round(percentOf({ ...job, ...change }, sentBytes))).toBe(percent)
})

test('what is done, stopped or failed runs no more', () => {
  expect(
    (['receiving', 'reading', 'writing', 'done', 'stopped', 'failed'] as const).filter((state) => isRunning({ state })),
  ).toEqual(['receiving', 'reading', 'writing'])
})
