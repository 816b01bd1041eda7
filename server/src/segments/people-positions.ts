import { type Lane, readPosition } from '../jobs/index.ts'
import type { Position, WorkspaceId } from '../kernel/index.ts'
import { peopleStageName } from '../people/index.ts'
import type { Postgres } from '../stores/index.ts'

/**
 * How far the people stage has come in each lane. Rows of persons may be in ClickHouse as soon as it has handled what made
 * them, before they are projected.
 */
export const peoplePositions = (
  postgres: Postgres,
  workspaceId: WorkspaceId,
): Promise<Readonly<Record<Lane, Position>>> =>
  postgres.askGlobal(async (db) => ({
    live: await readPosition(db, workspaceId, peopleStageName, 'live'),
    bulk: await readPosition(db, workspaceId, peopleStageName, 'bulk'),
  }))
