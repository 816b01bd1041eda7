import { OperatorError } from '../kernel/index.ts'
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

export interface RestoreRequest {
  readonly ownerUrl: string
  readonly folder: string
  readonly onTable?: (table: BackedUpTable) => void
}

/**
 * Puts a backup into an installation that holds nothing yet: all of it or, where anything is wrong, none. The copy's log
 * begins a new epoch. ClickHouse is filled from the log by the worker, from the beginning; sending is to be held.
 */
export const restoreBackup = async ({ ownerUrl, folder, onTable }: RestoreRequest): Promise<Manifest> => {
  const manifest = readManifest(folder)
  await withOwner(ownerUrl, 'begin', async (client) => {
    refuseOtherSchema(manifest, await readMigrationNames(client))
    if ((await readWorkspaceIds(client)).length > 0)
      throw new OperatorError(
        'This installation holds workspaces already. Restore into a new data folder (--data) or database.',
      )
    const byName = new Map(manifest.tables.map((table) => [table.name, table]))
    const shapes = (await readShapes(client)).filter(({ name }) => byName.has(name))
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
    }
    for (const { name, value } of manifest.sequences) await setSequence(client, name, value)
    await forgetProjection(client, await readWorkspaceIds(client))
    await beginEpoch(client, manifest.epoch + 1)
  })
  return manifest
}

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
