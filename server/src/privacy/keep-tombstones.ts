import type { WorkspaceId } from '../kernel/index.ts'
import { type ErasureRow, readTombstones } from '../people/index.ts'
import type { Postgres } from '../stores/index.ts'
import { writeTombstones } from './tombstone-file.ts'

/** Writes what the database knows of these erasures beside the installation's secret. */
export const keepTombstones = async (
  postgres: Postgres,
  dataFolder: string,
  workspaceId: WorkspaceId,
  erasures: readonly ErasureRow[],
): Promise<void> => {
  const ids = erasures.map(({ erasureId }) => erasureId)
  const found = await postgres.inWorkspace(workspaceId, (tx) => readTombstones(tx, workspaceId, ids))
  const hashesOf = new Map(found.map(({ erasureId, hashes }) => [erasureId, hashes]))
  await writeTombstones(
    dataFolder,
    erasures.map(({ erasureId, personIds, requestedAt }) => ({
      workspaceId,
      erasureId,
      personIds: [...personIds],
      requestedAt,
      hashes: (hashesOf.get(erasureId) ?? []).map((hash) => hash.toString('hex')),
    })),
  )
}
