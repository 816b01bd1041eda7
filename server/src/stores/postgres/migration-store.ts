import type pg from 'pg'
import { OperatorError } from '../../kernel/index.ts'
import type { AppliedMigration, MigrationFile } from '../migration-files.ts'

/** Any number that nobody else uses. */
const lockKey = 7_128_366_204

/** Waits for another process that is migrating. */
export const lockMigrations = async (client: pg.Client): Promise<void> => {
  await client.query('set lock_timeout = 0; set statement_timeout = 0')
  await client.query('select pg_advisory_lock($1)', [lockKey])
}

export const unlockMigrations = async (client: pg.Client): Promise<void> => {
  await client.query('select pg_advisory_unlock($1)', [lockKey])
}

/** In a schema of its own, because every table in `public` is a workspace's or global. */
export const appliedToPostgres = async (
  client: pg.Client,
  mayChange: boolean,
): Promise<readonly AppliedMigration[]> => {
  const { rows: found } = await client.query<{ there: boolean }>(
    `select to_regclass('baton_schema.migration') is not null as there`,
  )
  if (found[0]?.there !== true) {
    if (!mayChange) return []
    const { rows } = await client.query(`select from pg_roles where rolname = 'baton_app'`)
    if (rows.length === 0)
      throw new OperatorError(
        `PostgreSQL has no role baton_app. As its administrator run: create role baton_app login password '…'; and give that role in DATABASE_URL.`,
      )
    await client.query(`
      create schema baton_schema;
      grant usage on schema baton_schema to public;
      create table baton_schema.migration (name text primary key, checksum text not null, applied_at bigint not null);
      grant select on baton_schema.migration to public;
    `)
  }
  const { rows } = await client.query<AppliedMigration>(
    'select name, checksum from baton_schema.migration order by name',
  )
  return rows
}

/** A file in one transaction with its line in the list. */
export const applyToPostgres = async (client: pg.Client, file: MigrationFile, at: number): Promise<void> => {
  try {
    await client.query('begin')
    await client.query(file.sql)
    await client.query('insert into baton_schema.migration values ($1, $2, $3)', [file.name, file.checksum, at])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw new OperatorError(
      `The migration ${file.name} failed on PostgreSQL, nothing of it was kept: ${describe(error)}`,
      { cause: error },
    )
  }
}

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const at = 'position' in error && typeof error.position === 'string' ? ` (at character ${error.position})` : ''
  return `${error.message}${at}`
}
