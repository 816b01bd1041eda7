import { Readable } from 'node:stream'
import { orderImportMapping } from '@baton/contract'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../../../../tests/harness/server-process.ts'
import { testStores } from '../../../../tests/harness/stores.ts'
import { startRooms } from '../../../../tests/harness/whole-rooms.ts'
import { minuteMs, movableClock, must } from '../../kernel/index.ts'
import { createImports } from './imports.ts'

const stores = await testStores()

test('a file of which nothing comes any more holds an erasure up for ten minutes, not for ever', async () => {
  // Behind the machine, by whose clock wake-ups are looked at: none is late because of it.
  const clock = movableClock(Date.now() - 15 * minuteMs)
  const { rooms, runner, stop } = await startRooms(stores, { clock })
  onTestFinished(stop)
  const draft = { name: 'Toys', currency: 'EUR', timeZone: 'UTC' }
  const { workspaceId } = await rooms.workspaces.create(draft, { ownerId: null })
  const identify = { type: 'identify', userId: 'ann', messageId: 'm', traits: { email: 'ann@shop.example' } }
  await rooms.collect.appendEvents(workspaceId, 'live', [identify] as never, { source: 'test' })
  await runner.settle(workspaceId)

  // As left by a process that was killed in the middle: neither an end nor a failure ever comes.
  const file = new Readable({ read: () => undefined })
  const mapping = { order: 'order', customer: 'customer', date: 'date', amount: 'amount' }
  const upload = createImports({ postgres: stores.postgres, clock, ...rooms })
    .receive({ workspaceId, actor: 'user:test', fileName: null, mapping: orderImportMapping.parse(mapping) }, file)
    .catch(() => undefined)
  onTestFinished(async () => {
    file.destroy(new Error('the test is over'))
    await upload
  })
  const begun = clock.now()
  const wakeup = () =>
    stores.admin<{ due_at: string }>(`select due_at from wakeup where workspace_id = $1 and stage = 'imports'`, [
      workspaceId,
    ])
  const dueAt = String(begun + 10 * minuteMs)
  await until(wakeup, ([row]) => row?.due_at === dueAt)

  const personId = must(await rooms.people.find(workspaceId, 'email', 'ann@shop.example'), 'she was identified')
  const { erasureId } = await rooms.erasures.request(workspaceId, personId, 'user:test')
  const stateOf = async () => (await rooms.erasures.get(workspaceId, erasureId)).state
  await until(stateOf, (state) => state === 'cleared')
  clock.moveBy(11 * minuteMs)
  await until(stateOf, (state) => state === 'done')
  const [row] = await stores.admin('select state from order_import where workspace_id = $1', [workspaceId])
  expect(row).toEqual({ state: 'failed' })
  await until(wakeup, (rows) => rows.length === 0)
})
