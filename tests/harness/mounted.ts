import pino from 'pino'
import { afterAll } from 'vitest'
import { readConfig } from '../../server/src/config.ts'
import { type App, createHttpServer, type DeclaredRoute } from '../../server/src/http/index.ts'
import { systemClock } from '../../server/src/kernel/index.ts'
import { createOperations, engineProbes, operationsRoutes } from '../../server/src/operations/index.ts'
import { createRooms, type Rooms } from '../../server/src/rooms.ts'
import { checkEveryAnswer } from './answers.ts'
import type { TestStores } from './stores.ts'

const config = readConfig({ BATON_SECRET: 'x'.repeat(32) })
const log = pino({ level: 'silent' })

/** Baton's HTTP as `main.ts` mounts it: a room that `createRooms` connects is covered without a line here. */
export const mountEverything = async (
  stores: TestStores,
): Promise<{ readonly app: App; readonly routes: readonly DeclaredRoute[]; readonly rooms: Rooms }> => {
  const rooms = await createRooms({ stores, config, clock: systemClock, log })
  return { ...(await mountRooms(stores, rooms)), rooms }
}

/** The same over rooms that are there. */
export const mountRooms = async (
  stores: TestStores,
  rooms: Rooms,
): Promise<{ readonly app: App; readonly routes: readonly DeclaredRoute[] }> => {
  const operations = createOperations({
    postgres: stores.postgres,
    clock: systemClock,
    engines: engineProbes(stores, { postgres: 'server', clickhouse: 'server' }),
    stages: rooms.stages,
    processes: () => ({ processes: [], failures: new Map() }),
    workspaces: async () => [],
    ledger: null,
    dataFolder: config.dataFolder,
  })
  const { app, routes } = await createHttpServer({
    log,
    publicUrl: config.publicUrl,
    version: 'test',
    who: rooms.workspaces.who,
    bareRooms: rooms.bareRoutes,
    rooms: [operationsRoutes(operations), ...rooms.routes],
  })
  checkEveryAnswer(app)
  afterAll(() => app.close())
  return { app, routes }
}
