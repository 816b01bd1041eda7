import type { ClickHouse } from '../stores/index.ts'

/** Every table of workspaces' rows, those that a rebuild is filling among them. */
const readTables = async (clickhouse: ClickHouse): Promise<readonly string[]> => {
  const rows = await clickhouse.query<{ table: string }>({
    sql: `select distinct c.table as table from system.columns as c
      inner join system.tables as t on t.database = c.database and t.name = c.table
      where c.database = currentDatabase() and c.name = 'workspace_id' and t.engine like '%MergeTree' order by table`,
  })
  return rows.map(({ table }) => table)
}

/** The tables that hold a row of one of these workspaces. */
export const tablesHolding = async (
  clickhouse: ClickHouse,
  workspaceIds: readonly string[],
): Promise<readonly string[]> => {
  const holding: string[] = []
  for (const table of await readTables(clickhouse)) {
    const found = await clickhouse.query({
      sql: 'select 1 from {table:Identifier} where workspace_id in {workspaceIds:Array(UUID)} limit 1',
      params: { table, workspaceIds },
    })
    if (found.length > 0) holding.push(table)
  }
  return holding
}

/**
 * Rows that were deleted leave their insert's token behind, and the same token again would be taken for a repeat: batches
 * begin at 1 after a restore. Truncating a table forgets them; only one that holds no row of anybody is.
 */
export const forgetTokens = async (clickhouse: ClickHouse): Promise<void> => {
  for (const table of await readTables(clickhouse)) {
    const found = await clickhouse.query({ sql: 'select 1 from {table:Identifier} limit 1', params: { table } })
    if (found.length === 0) await clickhouse.command({ sql: 'truncate table {table:Identifier}', params: { table } })
  }
}
