import { afterAll } from 'vitest'
import { movableClock, newId } from '../../server/src/kernel/index.ts'
import { makeKey } from '../../server/src/workspaces/index.ts'
import { firstUser } from './app.ts'
import { noon } from './messaging.ts'
import { mountRooms } from './mounted.ts'
import { testStores } from './stores.ts'
import { startRooms } from './whole-rooms.ts'

/** Every room with its HTTP, over a file's own stores, with one workspace, its owner and a clock to move. */
export const testEveryRoom = async ({ isAtWork = true }: { readonly isAtWork?: boolean } = {}) => {
  const stores = await testStores()
  const clock = movableClock(noon)
  const { rooms, runner, stop } = await startRooms(stores, { clock, isAtWork })
  const { app } = await mountRooms(stores, rooms)
  const { workspaceId } = await firstUser({ app, workspaces: rooms.workspaces })
  afterAll(stop)

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
    app,
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
