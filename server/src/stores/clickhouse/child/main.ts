/**
 * The embedded ClickHouse: a process of our own that serves ClickHouse's HTTP interface from chdb. It is started with
 * an IPC channel, is told what to serve in one message, says where it listens, and ends when the channel closes, so
 * that it never outlives the process that owns the data folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadChdb } from './chdb-native.ts'
import { createConnectionPool } from './connections.ts'
import { engineConfig, poolPlans } from './engine-config.ts'
import { createHttpServer } from './http-server.ts'
import type { FromChild, ToChild } from './protocol.ts'
import { createQueryRunner } from './run-query.ts'
import { literal } from './session-state.ts'

const tell = (message: FromChild): void => {
  process.send?.(message)
}

const start = async ({ folder, port, user, password }: Extract<ToChild, { kind: 'start' }>) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const configFile = join(folder, 'engine.xml')
  writeFileSync(configFile, engineConfig(), { mode: 0o600 })
  const native = loadChdb()
  const open = () => native.CreateConnection(join(folder, 'data'), [`--config-file=${configFile}`])
  const control = open()
  const ask = async (sql: string): Promise<string> =>
    Buffer.from((await native.QueryAsyncConnection(control, sql, 'TabSeparated')).bytes)
      .toString()
      .trim()
  const version = await ask('SELECT version()')

  const pools = {
    project: createConnectionPool(native, open, poolPlans.project),
    tick: createConnectionPool(native, open, poolPlans.tick),
    serve: createConnectionPool(native, open, poolPlans.serve),
    long: createConnectionPool(native, open, poolPlans.long),
  }
  // ASYNC: chdb never returns from KILL … SYNC.
  const run = createQueryRunner(native, async (marker) => {
    await ask(`KILL QUERY WHERE startsWith(query, ${literal(marker)}) ASYNC`).catch(() => undefined)
  })
  const server = createHttpServer(
    {
      version,
      run: (request, pool, signal) => run(request, pools[pool], poolPlans[pool].streams, signal),
      check: async () => {
        await ask('SELECT 1')
      },
      load: () =>
        Object.fromEntries(
          Object.entries(pools).map(([name, pool]) => [name, { busy: pool.busy(), waiting: pool.waiting() }]),
        ),
    },
    { user, password },
  )
  server.on('error', (error) => {
    tell({ kind: 'failed', reason: error.message })
    process.exit(1)
  })
  server.listen(port, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') tell({ kind: 'listening', port: address.port, version })
  })
  return () => {
    server.close()
    server.closeAllConnections()
    end()
  }
}

/** A query may still run inside the engine, which an orderly exit would wait for; what is on disk needs no goodbye. */
const end = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

let stop: () => void = end
process.on('disconnect', () => stop())
process.on('message', (message: ToChild) => {
  if (message.kind === 'stop') stop()
  else
    start(message).then(
      (stopServing) => {
        stop = stopServing
      },
      (error: unknown) => {
        tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
        process.exit(1)
      },
    )
})
