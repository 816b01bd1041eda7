import type { ChdbNative, NativeConnection } from './chdb-native.ts'
import type { PoolPlan } from './engine-config.ts'
import { exception } from './exception.ts'
import { type SessionState, type SessionWishes, stateAfter, statementsTowards } from './session-state.ts'

export interface Lease {
  readonly connection: NativeConnection
  readonly waitedMs: number
  /** Tells the connection what this query wants: database, settings, parameters. */
  prepare(wishes: SessionWishes): Promise<void>
  /** To be called once, when the native call has really ended. */
  release(): void
}

export interface ConnectionPool {
  lease(signal: AbortSignal): Promise<Lease>
  readonly busy: () => number
  readonly waiting: () => number
  close(): void
}

interface Slot {
  connection: NativeConnection
  /** Null: unknown, after a failed SET; the next use sets everything anew. */
  state: SessionState | null
}

interface Waiting {
  readonly take: (slot: Slot) => void
}

/**
 * Queries on one connection run one after another, so each query has a connection to itself while it runs; who finds
 * none free waits in order. Connections are opened when first needed.
 */
export const createConnectionPool = (
  native: ChdbNative,
  open: () => NativeConnection,
  plan: PoolPlan,
): ConnectionPool => {
  const idle: Slot[] = []
  const opened = new Set<Slot>()
  const queue = new Set<Waiting>()

  const giveBack = (slot: Slot): void => {
    const next = queue.values().next().value
    if (next === undefined) {
      idle.push(slot)
      return
    }
    queue.delete(next)
    next.take(slot)
  }

  const acquire = (signal: AbortSignal): Promise<Slot> => {
    const free = idle.pop()
    if (free !== undefined) return Promise.resolve(free)
    if (opened.size < plan.connections) {
      const slot: Slot = { connection: open(), state: { database: 'default', settings: new Map() } }
      opened.add(slot)
      return Promise.resolve(slot)
    }
    if (queue.size >= plan.queue)
      return Promise.reject(
        exception(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `${queue.size} queries wait already. Try again`),
      )
    return new Promise((resolve, reject) => {
      const gone = () => {
        queue.delete(entry)
        reject(exception(394, 'QUERY_WAS_CANCELLED', 'The client left before the query began'))
      }
      const entry: Waiting = {
        take: (slot) => {
          signal.removeEventListener('abort', gone)
          resolve(slot)
        },
      }
      queue.add(entry)
      signal.addEventListener('abort', gone, { once: true })
    })
  }

  const prepare = async (slot: Slot, wishes: SessionWishes): Promise<void> => {
    const known = slot.state
    slot.state = null
    const current = known ?? (await reset(slot))
    for (const statement of statementsTowards(current, wishes, plan.settings))
      await native.QueryAsyncConnection(slot.connection, statement, 'TabSeparated')
    slot.state = stateAfter(wishes, plan.settings)
  }

  /** A fresh connection in place of one whose settings are not known. */
  const reset = async (slot: Slot): Promise<SessionState> => {
    native.CloseConnection(slot.connection)
    slot.connection = open()
    return { database: 'default', settings: new Map() }
  }

  return {
    lease: async (signal) => {
      const from = performance.now()
      const slot = await acquire(signal)
      return {
        get connection() {
          return slot.connection
        },
        waitedMs: performance.now() - from,
        prepare: (wishes) => prepare(slot, wishes),
        release: () => giveBack(slot),
      }
    },
    busy: () => opened.size - idle.length,
    waiting: () => queue.size,
    close: () => {
      for (const { connection } of idle) native.CloseConnection(connection)
    },
  }
}
