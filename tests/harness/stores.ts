import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import {
  type ClickHouse,
  createClickHouse,
  createPostgres,
  migrate,
  type Postgres,
  silentLog,
} from '../../server/src/stores/index.ts'
import { templateDatabase } from './engines-setup.ts'

export interface TestStores {
  /** As the program sees them: the app role, one fresh and migrated database each. */
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly databaseUrl: string
  readonly clickhouseUrl: string
  /** A copy of the migrations that the run began with. */
  readonly migrations: string
  /** The tables' owner, on whom row-level security is forced too. */
  readonly ownerUrl: string
  /** A superuser, for set-up and for looking past the wall. Values bound as $1, $2 … */
  admin<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** A fresh PostgreSQL database and a fresh ClickHouse database; both go when the test file ends. */
export const testStores = async (): Promise<TestStores> => {
  const engines = inject('engines')
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  const root = new pg.Client({ connectionString: engines.adminUrl })
  await root.connect()
  await copyTemplate(root, name)
  const inDatabase = (url: string): string => {
    const address = new URL(url)
    address.pathname = `/${name}`
    return address.href
  }
  const databaseUrl = inDatabase(engines.appUrl)
  const ownerUrl = inDatabase(engines.ownerUrl)
  const clickhouseUrl = inDatabase(engines.clickhouseUrl)

  const makeDatabase = createClickHouse({ url: engines.clickhouseUrl })
  await makeDatabase.command({ sql: `CREATE DATABASE ${name}` })
  const clickhouse = createClickHouse({ url: clickhouseUrl })
  await migrate({ ownerUrl, appUrl: databaseUrl, clickhouse, log: silentLog, folder: engines.migrations })
  const postgres = createPostgres({ url: databaseUrl, connections: 8, name })
  const admin = new pg.Client({ connectionString: inDatabase(engines.adminUrl) })
  await admin.connect()

  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await postgres.close()
    await clickhouse.close()
    await admin.end()
    await root.query(`drop database ${name} with (force)`)
    await root.end()
    await makeDatabase.command({ sql: `DROP DATABASE ${name}` })
    await makeDatabase.close()
  }
  afterAll(close)

  return {
    postgres,
    clickhouse,
    databaseUrl,
    clickhouseUrl,
    ownerUrl,
    migrations: engines.migrations,
    admin: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await admin.query<Row>(sql, [...values])).rows,
    close,
  }
}

/** Two files may ask at the same instant; a copy holds the template for a moment. */
const copyTemplate = async (root: pg.Client, name: string): Promise<void> => {
  await root.query('select pg_advisory_lock(42)')
  try {
    await root.query(`create database ${name} template ${templateDatabase} strategy file_copy owner baton_owner`)
  } finally {
    await root.query('select pg_advisory_unlock(42)')
  }
}
