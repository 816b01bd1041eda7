import type { WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

/** Removes a workspace from every table of the projection that has one. Readers see none of it from the answer on. */
export const emptyClickHouse = async (clickhouse: ClickHouse, workspaceId: WorkspaceId): Promise<void> => {
  const tables = await clickhouse.query<{ table: string }>({
    sql: `SELECT DISTINCT c.table AS table FROM system.columns AS c
          INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
          WHERE c.database = currentDatabase() AND c.name = 'workspace_id' AND t.engine LIKE '%MergeTree' ORDER BY 1`,
  })
  for (const { table } of tables) {
    await clickhouse.command({
      sql: 'ALTER TABLE {table:Identifier} DELETE WHERE workspace_id = {workspaceId:UUID} SETTINGS mutations_sync = 1',
      params: { table, workspaceId },
    })
  }
}
