import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { readConfig } from '../../server/src/config.ts'
import { createRunner, type Runner } from '../../server/src/jobs/index.ts'
import { systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { createRooms, type Rooms } from '../../server/src/rooms.ts'
import type { TestStores } from './stores.ts'

export interface WholeRooms {
  readonly rooms: Rooms
  readonly runner: Runner
  readonly dataFolder: string
  readonly workspaceId: WorkspaceId
  /** Puts events into the log as a write key would. */
  append(...events: readonly object[]): Promise<void>
  /** The same, and waits until every stage rests. */
  send(...events: readonly object[]): Promise<void>
}

/** Every room of Baton with all its stages, and a workspace; by the machine's clock. It ends with the test. */
export const wholeRooms = async (
  stores: TestStores,
  options: { readonly dataFolder?: string } = {},
): Promise<WholeRooms> => {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'baton-rooms-'))
  const config = readConfig({ BATON_SECRET: 'x'.repeat(32), BATON_DATA: dataFolder })
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const rooms = await createRooms({ stores, config, clock: systemClock, log })
  await rooms.collect.tendPartitions()
  const draft = { name: 'Toys', currency: 'EUR', timeZone: 'UTC' }
  const { workspaceId } = await rooms.workspaces.create(draft, { ownerId: null })
  const { postgres } = stores
  const { domainNow } = rooms.workspaces
  const runner = createRunner({
    postgres,
    clock: systemClock,
    log,
    stages: rooms.stages,
    domainNow,
    holder: workspaceId,
  })
  await runner.start()
  onTestFinished(async () => {
    await runner.stop()
    await rooms.collect.writer.drain()
    await rooms.close()
    rmSync(dataFolder, { recursive: true, force: true })
  })
  const append = async (...events: readonly object[]): Promise<void> => {
    await rooms.collect.appendEvents(workspaceId, 'live', events as never, { source: 'test' })
  }
  return {
    rooms,
    runner,
    dataFolder,
    workspaceId,
    append,
    send: async (...events) => {
      await append(...events)
      await runner.settle(workspaceId)
    },
  }
}
