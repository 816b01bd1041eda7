import type { AppliedMigration, MigrationFile } from '../migration-files.ts'
import type { ClickHouse } from './clickhouse.ts'

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
      max(m.finished) AS finished FROM baton_migration AS m GROUP BY name ORDER BY name`,
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
