import type { Instant } from '../kernel/index.ts'
import { type BackedUpTable, createArchive, type Manifest, openTableWriter, writeManifest } from './archive.ts'
import {
  copyOutSql,
  enterWorkspace,
  readMigrationNames,
  readSchema,
  readShapes,
  readWorkspaceIds,
  type TableShape,
  withOwner,
} from './backup-store.ts'
import { copyOut } from './copy-table.ts'

export interface BackupRequest {
  readonly ownerUrl: string
  /** A folder that does not exist yet, or is empty. */
  readonly folder: string
  readonly version: string
  readonly at: Instant
  /** Signs sessions and the links in mails that were sent; kept with the backup, which is as secret as the data. */
  readonly secret: string | null
  readonly onTable?: (table: BackedUpTable) => void
}

/**
 * Everything in PostgreSQL, the log included, as it stands at one instant (one repeatable-read transaction); the server
 * goes on meanwhile. ClickHouse is not in it: it is rebuilt from the log.
 */
export const takeBackup = async (request: BackupRequest): Promise<Manifest> => {
  createArchive(request.folder)
  const manifest = await withOwner(
    request.ownerUrl,
    'begin isolation level repeatable read read only',
    async (client) => {
      const workspaceIds = await readWorkspaceIds(client)
      const tables: BackedUpTable[] = []
      for (const shape of await readShapes(client)) {
        const table = await backUpTable(shape, shape.kind === 'global' ? [null] : workspaceIds)
        request.onTable?.(table)
        tables.push(table)
      }
      const schema = await readSchema(client)
      const migrations = [...(await readMigrationNames(client))]
      return {
        format: 1 as const,
        baton: request.version,
        takenAt: new Date(request.at).toISOString(),
        migrations,
        ...schema,
        tables,
      }

      async function backUpTable(shape: TableShape, workspaces: readonly (string | null)[]): Promise<BackedUpTable> {
        const writer = openTableWriter(request.folder, shape.name)
        let rows = 0
        for (const workspaceId of workspaces) {
          if (workspaceId !== null) await enterWorkspace(client, workspaceId)
          rows += await copyOut(client, copyOutSql(shape), writer.write)
        }
        return { name: shape.name, kind: shape.kind, columns: [...shape.columns], rows, ...(await writer.close()) }
      }
    },
  )
  writeManifest(request.folder, manifest, request.secret)
  return manifest
}
