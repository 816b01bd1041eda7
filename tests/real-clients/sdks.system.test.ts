import { once } from 'node:events'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics } from '@segment/analytics-node'
import { expect, test } from 'vitest'
import { must } from '../../server/src/kernel/index.ts'
import { createClickHouse } from '../../server/src/stores/index.ts'
import { readConnections } from '../../server/src/supervisor/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { tell } from '../faults/tell.ts'
import { startServer, until } from '../harness/server-process.ts'
import { readStores } from '../harness/witness-stores.ts'

/**
 * The SDKs people have, as they come from the registry, sending straight to the server: 1,000 events each, numbered, with
 * the server killed (-9) after the first of them stood in the log, more sent while it was away, and started again.
 */
interface Sdk {
  track(event: { userId: string; event: string; properties: { number: number } }): void
  /** Resolves when everything was delivered. */
  flush(): Promise<void>
}

const eventsInAll = 1_000
const sentBeforeKill = 400

const segment = (host: string, writeKey: string): Sdk => {
  const analytics = new Analytics({ writeKey, host, flushAt: 20, flushInterval: 200 })
  return {
    track: (event) => analytics.track(event),
    flush: () => analytics.closeAndFlush({ timeout: 120_000 }),
  }
}

/** Three tries (its default) last 1.5 s, less than a start of the server takes; ten are an option of its own. */
const rudder = (host: string, writeKey: string): Sdk => {
  const analytics = new RudderAnalytics(writeKey, {
    dataPlaneUrl: host,
    flushAt: 20,
    flushInterval: 200,
    retryCount: 10,
    logLevel: 'none',
  })
  let undelivered = 0
  const failures: unknown[] = []
  return {
    track: (event) => {
      undelivered += 1
      analytics.track(event, (error?: unknown) => {
        undelivered -= 1
        if (error) failures.push(error)
      })
    },
    flush: async () => {
      await until(
        async () => undelivered,
        (left) => left === 0,
        120_000,
      )
      expect(failures).toEqual([])
    },
  }
}

test.each([
  ['@segment/analytics-node', segment],
  ['@rudderstack/rudder-sdk-node', rudder],
])('%s delivers 1,000 events over a kill -9 of the server: exactly 1,000 are stored', async (name, make) => {
  const server = await startServer()
  const { dataFolder, address } = server
  const connections = () => must(readConnections(dataFolder), 'the server runs')
  const { workspaceId, writeKey } = await foundOperation(() => address, server.firstRunToken)
  const stores = readStores(workspaceId, connections)
  const sdk = make(address, writeKey)
  const send = (from: number, to: number) => {
    for (let number = from; number < to; number += 1)
      sdk.track({ userId: `user-${number % 50}`, event: 'Counted', properties: { number } })
  }

  send(0, sentBeforeKill)
  await until(
    async () => (await stores.logged()).size,
    (stored) => stored > 0,
  )
  server.child.kill('SIGKILL')
  await once(server.child, 'exit')
  send(sentBeforeKill, eventsInAll)
  await startServer({ dataFolder, port: Number(new URL(address).port) })
  await sdk.flush()

  await until(
    () => stores.waiting(),
    (waiting) => waiting.length === 0,
  )
  const clickhouse = createClickHouse({ url: connections().clickhouseUrl })
  const [stored] = await clickhouse.query<Record<'rows' | 'ids' | 'numbers' | 'least' | 'most', number>>({
    sql: `select count() as rows, uniqExact(message_id) as ids, uniqExact(properties.number::Nullable(Int64)) as numbers,
            min(properties.number::Nullable(Int64)) as least, max(properties.number::Nullable(Int64)) as most
          from event where workspace_id = {workspaceId:UUID} and name = 'Counted'`,
    params: { workspaceId },
  })
  await clickhouse.close()
  tell('real client', { name, ...stored })
  expect(stored).toEqual({ rows: 1_000, ids: 1_000, numbers: 1_000, least: 0, most: 999 })
  expect((await stores.logged()).size).toBe(1_000)
})
