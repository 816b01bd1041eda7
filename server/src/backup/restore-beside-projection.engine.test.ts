import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type TestStores, testStores } from '../../../tests/harness/stores.ts'
import { startRooms } from '../../../tests/harness/whole-rooms.ts'
import { OperatorError, type WorkspaceId } from '../kernel/index.ts'
import type { Rooms } from '../rooms.ts'
import { takeBackup } from './backup.ts'
import { restoreBackup } from './restore.ts'

const messages = ['one', 'three', 'two']

/** A backup of a workspace whose three events have been projected, and an empty PostgreSQL for it. */
const projectedSource = async (before: (rooms: Rooms) => Promise<void> = () => Promise.resolve()) => {
  const from = await testStores()
  const { rooms, runner, stop } = await startRooms(from)
  const draft = { name: 'Toys', currency: 'EUR', timeZone: 'UTC' }
  const { workspaceId } = await rooms.workspaces.create(draft, { ownerId: null })
  for (const messageId of messages) {
    const event = {
      messageId,
      type: 'track',
      userId: 'u',
      event: 'Order Completed',
      properties: { order_id: messageId },
    }
    await rooms.collect.appendEvents(workspaceId, 'live', [event], { source: 'test' })
    await runner.settle(workspaceId)
  }
  await before(rooms)
  await stop()
  const folder = join(mkdtempSync(join(tmpdir(), 'baton-backup-')), 'backup')
  onTestFinished(() => rmSync(join(folder, '..'), { recursive: true, force: true }))
  await takeBackup({ ownerUrl: from.ownerUrl, folder, version: '0', at: 0, secret: null })
  // Another PostgreSQL, the same ClickHouse.
  const to: TestStores = { ...(await testStores()), clickhouse: from.clickhouse, clickhouseUrl: from.clickhouseUrl }
  const restore = () => restoreBackup({ ownerUrl: to.ownerUrl, clickhouse: to.clickhouse, folder, at: 0 })
  return { to, folder, workspaceId, restore }
}

const stored = async ({ clickhouse }: TestStores) =>
  (
    await clickhouse.query<{ id: string }>({ sql: 'select message_id as id from event order by id', pool: 'project' })
  ).map(({ id }) => id)

/** The copy's worker runs until there is nothing left to do. */
const work = async (to: TestStores, workspaceId: WorkspaceId) => {
  const { runner, stop } = await startRooms(to)
  await runner.settle(workspaceId)
  await stop()
}

test('a ClickHouse that holds the projection of what is restored is refused; emptied as told, it is filled again', async () => {
  const { to, workspaceId, restore } = await projectedSource()
  const refusal: unknown = await restore().catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(OperatorError)
  expect(await to.admin('select 1 from workspace')).toEqual([])
  expect(await to.admin('select 1 from log_batch')).toEqual([])
  expect(await stored(to)).toEqual(messages)

  const told = String(refusal).match(/truncate table \w+/g) ?? []
  expect(told).toEqual(
    ['customer_order', 'event', 'person', 'rule_mask', 'whole_part'].map((table) => `truncate table ${table}`),
  )
  for (const sql of told) await to.clickhouse.command({ sql })
  await restore()
  await work(to, workspaceId)
  expect(await stored(to)).toEqual(messages)
})

test('one that was emptied by deleting is filled, too, though it remembers what was inserted', async () => {
  const { to, workspaceId, restore } = await projectedSource()
  for (const table of ['customer_order', 'event', 'person', 'rule_mask', 'subject_person', 'whole_part'])
    await to.clickhouse.command({
      sql: 'alter table {table:Identifier} delete where workspace_id = {workspaceId:UUID}',
      params: { table, workspaceId },
      settings: { mutations_sync: '2' },
    })
  await restore()
  await work(to, workspaceId)
  expect(await stored(to)).toEqual(messages)
})

test('a rebuild of the copy begins anew, though one of the original had been stopped on its way', async () => {
  const { folder, workspaceId } = await projectedSource(async (rooms) => {
    const left = new AbortController()
    const stopped = await rooms.rebuild({ signal: left.signal, progress: () => left.abort() })
    expect(stopped).toEqual({ kind: 'stopped' })
  })
  const to = await testStores()
  await restoreBackup({ ...to, folder, at: 0 })
  const { rooms, runner, stop } = await startRooms(to)
  await runner.settle(workspaceId)
  await rooms.rebuild({ signal: new AbortController().signal, progress: () => undefined })
  await stop()
  expect(await stored(to)).toEqual(messages)
})
