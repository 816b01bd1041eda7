import { createHash } from 'node:crypto'
import type { AppliedMigration, MigrationFile } from '../migration-files.ts'
import { type ClickHouse, ClickHouseError } from './clickhouse.ts'

export interface NotedMigration extends AppliedMigration {
  /** How many of the file's statements have run. */
  readonly statements: number
  readonly finished: boolean
}

export const createClickHouseList = (clickhouse: ClickHouse) =>
  clickhouse.command({
    sql: `CREATE TABLE IF NOT EXISTS baton_migration (
      name String, checksum String, statements UInt32, finished Bool, at DateTime64(3, 'UTC')
    ) ENGINE = MergeTree ORDER BY name`,
  })

export const appliedToClickHouse = (clickhouse: ClickHouse): Promise<readonly NotedMigration[]> =>
  clickhouse.query<NotedMigration>({
    sql: `SELECT name, argMax(m.checksum, m.statements) AS checksum, max(m.statements) AS statements,
      max(m.finished) AS finished FROM baton_migration AS m WHERE position(name, ':') = 0 GROUP BY name ORDER BY name`,
  })

export const noteAppliedToClickHouse = (
  clickhouse: ClickHouse,
  file: MigrationFile,
  statements: number,
  finished: boolean,
  at: number,
) =>
  clickhouse.insert({
    table: 'baton_migration',
    rows: [{ name: file.name, checksum: file.checksum, statements, finished, at: new Date(at).toISOString() }],
  })

export interface MigrationStatement {
  readonly file: MigrationFile
  /** From 1. */
  readonly number: number
  readonly sql: string
}

/**
 * Runs a statement so that it can be run again after a crash between it and its note: that it begins is noted first, and
 * one that was begun is done where its effect is there. A table of somebody else's is never taken for that effect.
 */
export const runOnClickHouse = async (clickhouse: ClickHouse, statement: MigrationStatement): Promise<void> => {
  if (await wasBegun(clickhouse, statement)) return runAgain(clickhouse, statement.sql)
  const created = /^create table (\w+)/i.exec(bare(statement.sql))?.[1]
  if (created !== undefined && (await tablesThere(clickhouse, [created])).has(created))
    throw new Error(
      `The database ${clickhouse.database} has a table ${created} already that is not of Baton. Give Baton a database of its own (CLICKHOUSE_URL).`,
    )
  await clickhouse.insert({ table: 'baton_migration', rows: [beginningOf(statement)] })
  await run(clickhouse, statement.sql)
}

/** Stands in the list beside the files, under a name that no file can have. */
const beginningOf = ({ file, number, sql }: MigrationStatement) => ({
  name: `${file.name}:${number}`,
  checksum: createHash('sha256').update(sql).digest('hex'),
  statements: number,
  finished: false,
  at: new Date(0).toISOString(),
})

const wasBegun = async (clickhouse: ClickHouse, statement: MigrationStatement): Promise<boolean> => {
  const { name, checksum } = beginningOf(statement)
  const found = await clickhouse.query({
    sql: 'SELECT 1 FROM baton_migration WHERE name = {name:String} AND checksum = {checksum:String} LIMIT 1',
    params: { name, checksum },
  })
  return found.length > 0
}

/** Copying a grown table takes its time. */
const run = (clickhouse: ClickHouse, sql: string) => clickhouse.command({ sql, pool: 'long' })

const bare = (sql: string): string => sql.replace(/^\s*--[^\n]*\n/gm, '').trim()

const alreadyExists = '57'
const doesNotExist = '60'

const runAgain = async (clickhouse: ClickHouse, sql: string): Promise<void> => {
  const text = bare(sql)
  const renames = /^rename table (.+)$/is.exec(text)?.[1]
  if (renames !== undefined) return renameWhatIsLeft(clickhouse, renames)
  const done = /^create table /i.test(text) ? alreadyExists : /^drop table /i.test(text) ? doesNotExist : null
  await run(clickhouse, sql).catch((error: unknown) => {
    if (!(error instanceof ClickHouseError && error.code === done)) throw error
  })
}

/** Of several tables each is renamed for itself: a crash leaves any number of them done. */
const renameWhatIsLeft = async (clickhouse: ClickHouse, renames: string): Promise<void> => {
  for (const rename of renames.split(',')) {
    const [from = '', to = ''] = rename.trim().split(/\s+to\s+/i)
    const there = await tablesThere(clickhouse, [from, to])
    if (there.has(from) && !there.has(to)) await run(clickhouse, `rename table ${from} to ${to}`)
  }
}

const tablesThere = async (clickhouse: ClickHouse, names: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await clickhouse.query<{ name: string }>({
    sql: 'SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN {names:Array(String)}',
    params: { names },
  })
  return new Set(rows.map(({ name }) => name))
}
