import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { channel } from './channel.ts'

/** One connection that listens for every handler of this process. */
export const createListener = (url: string, name: string) => {
  const handlers = new Map<(payload: string) => void, (() => void) | undefined>()
  let client: pg.Client | null = null
  let closed = false
  let connecting: Promise<void> | null = null

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, application_name: `${name} listener`, keepAlive: true })
    fresh.on('notification', ({ payload }) => {
      for (const handler of handlers.keys()) handler(payload ?? '')
    })
    fresh.on('error', () => undefined)
    fresh.once('end', () => {
      if (client === fresh) client = null
      if (!closed && handlers.size > 0)
        void reconnect().then(() => {
          for (const missed of handlers.values()) missed?.()
        })
    })
    await fresh.connect()
    await fresh.query(`listen ${channel}`)
    client = fresh
    if (closed) await fresh.end()
  }

  /** Tries until it succeeds; one attempt at a time. */
  const reconnect = (): Promise<void> => {
    connecting ??= (async () => {
      for (let waitMs = 50; !closed && client === null; waitMs = Math.min(2_000, waitMs * 2)) {
        try {
          await connect()
        } catch {
          await delay(waitMs)
        }
      }
    })().finally(() => {
      connecting = null
    })
    return connecting
  }

  return {
    listen: async (handler: (payload: string) => void, missed?: () => void): Promise<() => Promise<void>> => {
      handlers.set(handler, missed)
      if (client === null) await reconnect()
      return async () => {
        handlers.delete(handler)
        if (handlers.size > 0) return
        const idle = client
        client = null
        await idle?.end()
      }
    },
    close: async (): Promise<void> => {
      closed = true
      handlers.clear()
      const open = client
      client = null
      await open?.end()
    },
  }
}
