import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '../kernel/index.ts'

export interface MigrationFile {
  /** `0001-wall.sql`; files run in the order of their names. */
  readonly name: string
  readonly checksum: string
  readonly sql: string
}

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

export const readMigrations = (folder: string): readonly MigrationFile[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(name))
        throw new OperatorError(`${join(folder, name)} is not named like 0001-what-it-does.sql. Rename it.`)
      const sql = readFileSync(join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })

export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

/** Which files are still to run. Throws when the store is ahead of this program, or a file changed after it ran. Pure. */
export const pendingMigrations = (
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
  store: string,
): readonly MigrationFile[] => {
  const known = new Map(files.map((file) => [file.name, file]))
  const newer = applied.find(({ name }) => !known.has(name))
  if (newer !== undefined)
    throw new OperatorError(
      `${store} has a newer schema than this version of Baton: it has ${newer.name}, which is not here. ` +
        'Start the newer version, or restore a backup made before the upgrade.',
    )
  const changed = applied.find(({ name, checksum }) => known.get(name)?.checksum !== checksum)
  if (changed !== undefined)
    throw new OperatorError(
      `The migration ${changed.name} was changed after it had run on ${store}. Undo that change and put the new one into a migration of its own; for a data folder without value, delete it and start anew.`,
    )
  const done = new Set(applied.map(({ name }) => name))
  return files.filter(({ name }) => !done.has(name))
}

/** A ClickHouse file's statements: each ends with `;` at the end of a line. */
export const statementsOf = (sql: string): readonly string[] =>
  sql
    .split(/;[ \t]*(?:--[^\n]*)?(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/--[^\n]*/g, '').trim() !== '')
