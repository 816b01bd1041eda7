import type pg from 'pg'
import { crashPoint, type Instant, OperatorError } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import { type BackedUpTable, type Manifest, readManifest, readTable } from './archive.ts'
import {
  beginEpoch,
  closeWall,
  copyInSql,
  emptyTable,
  forgetProjection,
  makePartitions,
  openWall,
  readMigrationNames,
  readShapes,
  readWorkspaceIds,
  setSequence,
  type TableShape,
  withOwner,
} from './backup-store.ts'
import { copyIn } from './copy-table.ts'
import { forgetTokens, tablesHolding } from './projection-left-sql.ts'
import { holdSending, isHeld } from './restore-hold-store.ts'

export interface RestoreRequest {
  readonly ownerUrl: string
  /** Where the worker will project the restored log to. */
  readonly clickhouse: ClickHouse
  readonly folder: string
  /** Machine time. */
  readonly at: Instant
  readonly onTable?: (table: BackedUpTable) => void
  /** Called when every row is in place and nobody sees one yet; what it throws undoes the restore. */
  readonly beforeCommit?: () => void
}

/**
 * Puts a backup into an installation that holds nothing yet: all of it or, where anything is wrong, none. The copy's log
 * begins a new epoch. ClickHouse, which must hold nothing of it, is filled from the log by the worker, from the beginning. With the rows comes the kill
 * switch of every workspace: there is no instant at which the copy could send.
 */
export const restoreBackup = async (request: RestoreRequest): Promise<Manifest> => {
  const { ownerUrl, clickhouse, folder, at, onTable } = request
  const manifest = readManifest(folder)
  await withOwner(ownerUrl, 'begin', async (client) => {
    refuseOtherSchema(manifest, await readMigrationNames(client))
    if ((await readWorkspaceIds(client)).length > 0) throw await holdsWorkspaces(client)
    const byName = new Map(manifest.tables.map((table) => [table.name, table]))
    const shapes = workspacesFirst(await readShapes(client)).filter(({ name }) => byName.has(name))
    refuseUnknownTables(manifest, shapes)
    await makePartitions(client, manifest.days)
    for (const shape of shapes.toReversed()) if (shape.kind === 'global') await emptyTable(client, shape)
    for (const shape of shapes) {
      const table = byName.get(shape.name)
      if (table === undefined) continue
      if (shape.kind === 'workspace') await openWall(client, shape)
      const rows = await copyIn(client, copyInSql({ ...shape, columns: table.columns }), readTable(folder, table))
      if (shape.kind === 'workspace') await closeWall(client, shape)
      if (rows !== table.rows)
        throw new OperatorError(
          `${shape.name} has ${rows} rows after the restore, the backup says ${table.rows}. Use another backup.`,
        )
      onTable?.(table)
      if (shape.name === workspaceTable) await refuseProjected(clickhouse, await readWorkspaceIds(client))
    }
    for (const { name, value } of manifest.sequences) await setSequence(client, name, value)
    await forgetProjection(client, await readWorkspaceIds(client))
    await beginEpoch(client, manifest.epoch + 1)
    await holdSending(client, at, Date.parse(manifest.takenAt))
    request.beforeCommit?.()
    crashPoint('restore.before-commit')
  })
  crashPoint('restore.committed')
  return manifest
}

const workspaceTable = 'workspace'
/** It refers to none, and who knows what the backup is of can refuse before the log is read. */
const workspacesFirst = (shapes: readonly TableShape[]): readonly TableShape[] => [
  ...shapes.filter(({ name }) => name === workspaceTable),
  ...shapes.filter(({ name }) => name !== workspaceTable),
]

/** The log is projected from its beginning: what stands in ClickHouse already would stand twice, and old masks would win. */
const refuseProjected = async (clickhouse: ClickHouse, workspaceIds: readonly string[]): Promise<void> => {
  const holding = await tablesHolding(clickhouse, workspaceIds)
  if (holding.length === 0) return forgetTokens(clickhouse)
  const remedy = holding.map((table) => `truncate table ${table};`).join(' ')
  throw new OperatorError(
    `ClickHouse's database ${clickhouse.database} holds rows of this backup's workspaces, which the restored log would bring again. Give the copy a database (CLICKHOUSE_URL) or data folder (--data) of its own. Or, where nothing runs on this one any more, run there: ${remedy}`,
  )
}

/** Whoever lost sight of a restore tries it again: she learns that it is done, and what is left to do. */
const holdsWorkspaces = async (client: pg.Client): Promise<OperatorError> =>
  new OperatorError(
    (await isHeld(client))
      ? 'This installation holds a restored copy already, whole, and sends nothing. Start it with "npm start"; when the original no longer runs: npm run baton -- restore --confirm-sending'
      : 'This installation holds workspaces already. Restore into a new data folder (--data) or database.',
  )

const refuseOtherSchema = ({ migrations, baton }: Manifest, here: readonly string[]): void => {
  if (migrations.join() === here.join()) return
  throw new OperatorError(
    `The backup was made by Baton ${baton} with other tables than this version's (${migrations.length} migrations, here ${here.length}). Restore it with that version, then start the newer one on it.`,
  )
}

const refuseUnknownTables = ({ tables }: Manifest, shapes: readonly TableShape[]): void => {
  const known = new Map(shapes.map((shape) => [shape.name, new Set(shape.columns)]))
  const strange = tables.find(({ name, columns }) => columns.some((column) => known.get(name)?.has(column) !== true))
  if (strange !== undefined)
    throw new OperatorError(
      `The backup has a table ${strange.name} with columns that this installation lacks. Use another backup.`,
    )
}
