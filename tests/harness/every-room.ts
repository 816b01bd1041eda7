import pino from 'pino'
import { afterAll } from 'vitest'
import { readConfig } from '../../server/src/config.ts'
import { createHttpServer } from '../../server/src/http/index.ts'
import { createRunner } from '../../server/src/jobs/index.ts'
import { movableClock, newId, systemClock } from '../../server/src/kernel/index.ts'
import { createRooms } from '../../server/src/rooms.ts'
import { makeKey } from '../../server/src/workspaces/index.ts'
import { firstUser } from './app.ts'
import { testStores } from './stores.ts'

/** Noon of a summer Wednesday in UTC: no quiet hours in Europe. */
const noon = Date.parse('2026-06-10T12:00:00Z')

/** Every room as `main.ts` connects them, over a file's own stores, with one workspace, its owner and a clock to move. */
export const testEveryRoom = async () => {
  const stores = await testStores()
  const clock = movableClock(noon)
  const log = pino({ level: 'silent' })
  const config = readConfig({ BATON_SECRET: 'a secret of thirty-two characters or more' })
  const rooms = await createRooms({ stores, config, clock, log })
  const { app } = await createHttpServer({
    log,
    publicUrl: config.publicUrl,
    version: 'test',
    who: rooms.workspaces.who,
    bareRooms: rooms.bareRoutes,
    rooms: rooms.routes,
  })
  await rooms.collect.tendPartitions()
  const { workspaceId } = await firstUser({ app, workspaces: rooms.workspaces })
  const runner = createRunner({
    postgres: stores.postgres,
    clock: systemClock,
    log,
    stages: rooms.stages,
    domainNow: rooms.workspaces.domainNow,
    holder: 'test',
  })
  await runner.start()
  afterAll(async () => {
    await runner.stop()
    await app.close()
    await rooms.close()
    await rooms.collect.writer.drain()
  })

  const headersOf = async (role: 'owner' | 'finance' | 'analyst', id = workspaceId) => {
    const deps = { postgres: stores.postgres, clock, workspaces: rooms.workspaces }
    const { key } = await makeKey(
      deps,
      { workspaceId: id, actor: 'system' },
      { kind: 'api', name: `${role} ${newId<string>()}`, role, scope: {} },
    )
    return { authorization: `Bearer ${key}` }
  }
  const owner = await headersOf('owner')
  return {
    stores,
    clock,
    rooms,
    runner,
    workspaceId,
    headersOf,
    call: async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, headers?: object) => {
      const answer = await app.inject({
        method,
        url,
        headers: { ...(headers ?? owner) },
        ...(payload ? { payload } : {}),
      })
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
    },
    /** As a write key would, a second later; every stage has handled them. */
    send: async (...events: readonly object[]) => {
      clock.moveBy(1000)
      const timestamp = new Date(clock.now()).toISOString()
      const whole = events.map((event) => ({ messageId: newId<string>(), timestamp, ...event }))
      await rooms.collect.appendEvents(workspaceId, 'live', whole as never, { source: 'test' })
      await runner.settle(workspaceId)
    },
    settle: () => runner.settle(workspaceId),
  }
}
