import { join } from 'node:path'
import pg from 'pg'
import { OperatorError } from '../kernel/index.ts'
import type { ClickHouse } from './clickhouse/index.ts'
import {
  appliedToClickHouse,
  createClickHouseList,
  noteAppliedToClickHouse,
  runOnClickHouse,
} from './clickhouse/migration-sql.ts'
import type { EngineLog } from './engine.ts'
import { migrationsFolder, pendingMigrations, readMigrations, statementsOf } from './migration-files.ts'
import { appliedToPostgres, applyToPostgres, lockMigrations, unlockMigrations } from './postgres/migration-store.ts'

export interface Migrate {
  /** The owner's address; null: only check that the schema is current, as the app role. */
  readonly ownerUrl: string | null
  readonly appUrl: string
  readonly clickhouse: ClickHouse
  readonly log: EngineLog
  /** Where `postgres/` and `clickhouse/` are; for tests. */
  readonly folder?: string
}

/** Brings both stores to this version's schema, one process at a time. Throws an OperatorError that says what to do. */
export const migrate = async ({
  ownerUrl,
  appUrl,
  clickhouse,
  log,
  folder = migrationsFolder,
}: Migrate): Promise<void> => {
  const client = await connectClient(ownerUrl ?? appUrl, ownerUrl === null ? 'DATABASE_URL' : 'DATABASE_MIGRATION_URL')
  try {
    await lockMigrations(client)
    await migratePostgres(client, ownerUrl !== null, join(folder, 'postgres'), log)
    await migrateClickHouse(clickhouse, join(folder, 'clickhouse'), log)
    await unlockMigrations(client)
  } finally {
    await client.end()
  }
}

/** For a process that does not migrate: throws an OperatorError when PostgreSQL's schema is not this version's. */
export const checkSchema = async (appUrl: string): Promise<void> => {
  const client = await connectClient(appUrl, 'DATABASE_URL')
  try {
    const files = readMigrations(join(migrationsFolder, 'postgres'))
    const pending = pendingMigrations(files, await appliedToPostgres(client, false), 'PostgreSQL')
    if (pending.length > 0)
      throw new OperatorError(
        `PostgreSQL lacks ${pending.length} migration(s), from ${pending[0]?.name}. Run "npm run baton -- migrate" with this version first.`,
      )
  } finally {
    await client.end()
  }
}

const connectWithinMs = 15_000

const connectClient = async (url: string, setting: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'baton migrations',
    connectionTimeoutMillis: connectWithinMs,
  })
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    throw new OperatorError(
      `PostgreSQL can't be reached for migrations: ${error instanceof Error ? error.message : String(error)}. Check ${setting}.`,
      { cause: error },
    )
  })
  return client
}

const migratePostgres = async (
  client: pg.Client,
  mayChange: boolean,
  folder: string,
  log: EngineLog,
): Promise<void> => {
  const pending = pendingMigrations(readMigrations(folder), await appliedToPostgres(client, mayChange), 'PostgreSQL')
  if (pending.length > 0 && !mayChange)
    throw new OperatorError(
      `PostgreSQL lacks ${pending.length} migration(s), from ${pending[0]?.name}. Set DATABASE_MIGRATION_URL to the owner's address and start again.`,
    )
  for (const file of pending) {
    await applyToPostgres(client, file, Date.now())
    log.info({ store: 'postgres', migration: file.name }, 'migrated')
  }
}

/**
 * ClickHouse has no transactions over DDL: each statement is noted when it begins and when it has run, and a file goes on
 * where it ended.
 */
const migrateClickHouse = async (clickhouse: ClickHouse, folder: string, log: EngineLog): Promise<void> => {
  await createClickHouseList(clickhouse)
  const noted = await appliedToClickHouse(clickhouse)
  const files = readMigrations(folder)
  // A file that failed half-way may be mended before it goes on.
  const finished = noted.filter((migration) => migration.finished)
  for (const file of pendingMigrations(files, finished, 'ClickHouse')) {
    const statements = statementsOf(file.sql)
    const done = noted.find(({ name }) => name === file.name)?.statements ?? 0
    for (const [index, sql] of statements.entries()) {
      if (index < done) continue
      await runOnClickHouse(clickhouse, { file, number: index + 1, sql }).catch((error: unknown) => {
        throw new OperatorError(
          `The migration ${file.name} failed on ClickHouse at statement ${index + 1}: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        )
      })
      await noteAppliedToClickHouse(clickhouse, file, index + 1, index + 1 === statements.length, Date.now())
    }
    log.info({ store: 'clickhouse', migration: file.name }, 'migrated')
  }
}
