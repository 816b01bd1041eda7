import { join } from 'node:path'
import { OperatorError } from '../kernel/index.ts'
import { type ClickHouse, createClickHouse, type EmbeddedClickHouse, startClickHouse } from './clickhouse/index.ts'
import { lockDataFolder } from './data-folder.ts'
import type { EngineLog, EngineStatus } from './engine.ts'
import { checkSchema, migrate } from './migrate.ts'
import { createPostgres, type EmbeddedPostgres, type Postgres, startPostgres } from './postgres/index.ts'
import { assertAppRole } from './postgres/role-check.ts'

export interface OpenStores {
  /**
   * `own`: start the engines for which no address is given, migrate, and hold the data folder's lock (the supervisor).
   * `connect`: use what the supervisor runs, by the addresses in the environment it handed over.
   */
  readonly mode: 'own' | 'connect'
  readonly dataFolder: string
  readonly databaseUrl: string | null
  /** The tables' owner on a server that is not ours; only for migrations. */
  readonly databaseMigrationUrl?: string | null
  readonly clickhouseUrl: string | null
  /** PostgreSQL connections of this process at most. */
  readonly connections?: number
  /** Seen in `pg_stat_activity`. */
  readonly name?: string
}

export interface EngineHealth {
  readonly kind: 'postgres' | 'clickhouse'
  readonly runs: 'embedded' | 'server'
  /** Folder of an embedded engine, host of a server: never a password. */
  readonly where: string
  readonly pid: number | null
  readonly status: EngineStatus | 'unknown'
  readonly restarts: number
}

export interface Stores {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  /** Asked anew at every call. */
  engines(): readonly EngineHealth[]
  /** What a child process needs in its environment to `connect`. */
  readonly environment: Readonly<Record<'DATABASE_URL' | 'CLICKHOUSE_URL', string>>
  /** The tables' owner, for backup and restore; null where this process does not know it. */
  readonly ownerUrl: string | null
  /** Connections first, then ClickHouse, then PostgreSQL, then the lock. */
  stop(): Promise<void>
}

export const openStores = async (options: OpenStores, log: EngineLog): Promise<Stores> =>
  options.mode === 'connect' ? connectStores(options) : ownStores(options, log)

const connectStores = async ({ databaseUrl, clickhouseUrl, connections, name }: OpenStores): Promise<Stores> => {
  if (databaseUrl === null || clickhouseUrl === null)
    throw new OperatorError(
      'This process is started by "baton start", which sets DATABASE_URL and CLICKHOUSE_URL for it.',
    )
  await checkSchema(databaseUrl)
  const { postgres, clickhouse } = connect(databaseUrl, clickhouseUrl, connections, name)
  try {
    await assertAppRole(postgres)
  } catch (error) {
    await Promise.all([postgres.close(), clickhouse.close()])
    throw error
  }
  return {
    postgres,
    clickhouse,
    environment: { DATABASE_URL: databaseUrl, CLICKHOUSE_URL: clickhouseUrl },
    ownerUrl: null,
    engines: () => [serverHealth('postgres', databaseUrl), serverHealth('clickhouse', clickhouseUrl)],
    stop: async () => {
      await Promise.all([postgres.close(), clickhouse.close()])
    },
  }
}

const connect = (databaseUrl: string, clickhouseUrl: string, connections?: number, name?: string) => ({
  postgres: createPostgres({
    url: databaseUrl,
    ...(connections === undefined ? {} : { connections }),
    ...(name === undefined ? {} : { name }),
  }),
  clickhouse: createClickHouse({ url: clickhouseUrl }),
})

const ownStores = async (options: OpenStores, log: EngineLog): Promise<Stores> => {
  const { dataFolder, databaseUrl, databaseMigrationUrl = null, clickhouseUrl } = options
  /** What to undo, newest first, when a later step fails and when we stop. */
  const undo: (() => Promise<void> | void)[] = []
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last()
  }
  try {
    undo.push(await lockDataFolder(dataFolder))
    const [embeddedPostgres, embeddedClickHouse] = await startEngines(dataFolder, databaseUrl, clickhouseUrl, log, undo)
    const appUrl = embeddedPostgres?.appUrl ?? databaseUrl ?? ''
    const countUrl = embeddedClickHouse?.url ?? clickhouseUrl ?? ''
    const { postgres, clickhouse } = connect(appUrl, countUrl, options.connections, options.name)
    undo.push(async () => {
      await Promise.all([postgres.close(), clickhouse.close()])
    })
    const ownerUrl = embeddedPostgres?.ownerUrl ?? databaseMigrationUrl
    await migrate({ ownerUrl, appUrl, clickhouse, log })
    await assertAppRole(postgres)
    return {
      postgres,
      clickhouse,
      environment: { DATABASE_URL: appUrl, CLICKHOUSE_URL: countUrl },
      ownerUrl,
      engines: () => [
        embeddedPostgres === null ? serverHealth('postgres', appUrl) : engineHealth(embeddedPostgres),
        embeddedClickHouse === null ? serverHealth('clickhouse', countUrl) : engineHealth(embeddedClickHouse),
      ],
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Both at once; when one fails, the other is stopped by `undo`. PostgreSQL goes last. */
const startEngines = async (
  dataFolder: string,
  databaseUrl: string | null,
  clickhouseUrl: string | null,
  log: EngineLog,
  undo: (() => Promise<void> | void)[],
): Promise<readonly [EmbeddedPostgres | null, EmbeddedClickHouse | null]> => {
  const [postgres, clickhouse] = await Promise.allSettled([
    databaseUrl === null ? startPostgres({ folder: join(dataFolder, 'postgres'), log }) : null,
    clickhouseUrl === null ? startClickHouse({ folder: join(dataFolder, 'clickhouse'), log }) : null,
  ])
  for (const outcome of [postgres, clickhouse])
    if (outcome.status === 'fulfilled' && outcome.value !== null) {
      const engine = outcome.value
      undo.push(() => engine.stop())
    }
  if (postgres.status === 'rejected') throw postgres.reason
  if (clickhouse.status === 'rejected') throw clickhouse.reason
  return [postgres.value, clickhouse.value]
}

const engineHealth = (engine: EmbeddedPostgres | EmbeddedClickHouse): EngineHealth => ({
  kind: engine.kind,
  runs: 'embedded',
  where: engine.where,
  pid: engine.pid(),
  status: engine.status(),
  restarts: engine.restarts(),
})

const serverHealth = (kind: 'postgres' | 'clickhouse', url: string): EngineHealth => ({
  kind,
  runs: 'server',
  where: new URL(url).host,
  pid: null,
  status: 'unknown',
  restarts: 0,
})
