import type { WorkspaceId } from '../../server/src/kernel/index.ts'
import type { TestStores } from '../harness/stores.ts'
import { markedObject } from './seed-workspace.ts'

/** The same in ClickHouse: one marked row in every table that has a workspace, in the batch that is always shown. */
export const seedProjection = async (
  { clickhouse }: TestStores,
  workspaceId: WorkspaceId,
  objectId: string,
  marker: string,
): Promise<readonly string[]> => {
  const columns = await clickhouse.query<{ table: string; name: string; type: string }>({
    sql: `SELECT table, name, type FROM system.columns WHERE database = currentDatabase()
          AND table IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'workspace_id')
          AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') ORDER BY table, position`,
  })
  const tables = [...new Set(columns.map((column) => column.table))]
  for (const table of tables) {
    const entries = columns
      .filter((column) => column.table === table)
      .map(({ name, type }) => [name, name === 'workspace_id' ? workspaceId : valueFor(type, objectId, marker)])
    await clickhouse.insert({ table, rows: [Object.fromEntries(entries)] })
  }
  return tables
}

const valueFor = (type: string, objectId: string, marker: string): unknown => {
  if (type.startsWith('Array')) return type === 'Array(UUID)' ? [objectId] : []
  if (type.startsWith('Map') || type.startsWith('JSON')) return type.startsWith('JSON') ? markedObject(marker) : {}
  if (type.includes('UUID')) return objectId
  if (type.includes('String')) return marker
  if (type.includes('Date')) return '2026-01-01 00:00:00'
  return type.includes('Bool') ? false : 0
}
