import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { readConfig } from '../../server/src/config.ts'
import { createRunner, type Runner } from '../../server/src/jobs/index.ts'
import { type Clock, newId, systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { createRooms, type Rooms } from '../../server/src/rooms.ts'
import type { TestStores } from './stores.ts'

interface StartOptions {
  readonly dataFolder?: string
  /** Receipt and domain time; leases and retries run with the machine. */
  readonly clock?: Clock
  /** False: no stage gets turns but those that a test gives. */
  readonly isAtWork?: boolean
}

/** Every room as `main.ts` connects them, with all its stages at work over these stores. */
export const startRooms = async (stores: TestStores, options: StartOptions = {}) => {
  const { dataFolder, clock = systemClock, isAtWork = true } = options
  const folder = dataFolder ?? mkdtempSync(join(tmpdir(), 'baton-rooms-'))
  const config = readConfig({ BATON_SECRET: 'a secret of thirty-two characters or more', BATON_DATA: folder })
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const rooms = await createRooms({ stores, config, clock, log })
  await rooms.collect.tendPartitions()
  const runner = createRunner({
    postgres: stores.postgres,
    clock: systemClock,
    log,
    stages: rooms.stages,
    domainNow: rooms.workspaces.domainNow,
    holder: newId<string>(),
  })
  if (isAtWork) await runner.start()
  const stop = async (): Promise<void> => {
    await runner.stop()
    await rooms.collect.writer.drain()
    await rooms.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { rooms, runner, dataFolder: folder, stop }
}

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

/** The same with a workspace, by the machine's clock. It ends with the test. */
export const wholeRooms = async (
  stores: TestStores,
  options: { readonly dataFolder?: string } = {},
): Promise<WholeRooms> => {
  const { stop, ...started } = await startRooms(stores, options)
  onTestFinished(stop)
  const { rooms, runner } = started
  const draft = { name: 'Toys', currency: 'EUR', timeZone: 'UTC' }
  const { workspaceId } = await rooms.workspaces.create(draft, { ownerId: null })
  const append = async (...events: readonly object[]): Promise<void> => {
    await rooms.collect.appendEvents(workspaceId, 'live', events as never, { source: 'test' })
  }
  return {
    ...started,
    workspaceId,
    append,
    send: async (...events) => {
      await append(...events)
      await runner.settle(workspaceId)
    },
  }
}
