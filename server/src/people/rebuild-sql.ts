import { crashPoint, newId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

export const rebuiltTables = ['event', 'person', 'subject_person', 'customer_order'] as const
export type RebuiltTable = (typeof rebuiltTables)[number]
const newName = (table: RebuiltTable) => `${table}_rebuild`

/** Whether an earlier run's tables are all there, and laid out as those in use are by now. */
export const haveNewTables = async (clickhouse: ClickHouse): Promise<boolean> => {
  const rows = await clickhouse.query<{ name: string; layout: unknown }>({
    sql: `select t.name as name, (t.engine_full, c.columns) as layout from system.tables as t inner join (
        select table, arraySort(groupArray((position, name, type, compression_codec))) as columns from system.columns
        where database = currentDatabase() and table in {names:Array(String)} group by table) as c on c.table = t.name
      where t.database = currentDatabase() and t.name in {names:Array(String)}`,
    params: { names: rebuiltTables.flatMap((table) => [table, newName(table)]) },
    pool: 'long',
  })
  const layouts = new Map(rows.map(({ name, layout }) => [name, JSON.stringify(layout)]))
  return rebuiltTables.every((table) => {
    const layout = layouts.get(newName(table))
    return layout !== undefined && layout === layouts.get(table)
  })
}

/** Makes the empty tables beside the old ones; those of an earlier run are gone on with, or else thrown away. */
export const makeNewTables = async (clickhouse: ClickHouse, goesOn: boolean): Promise<void> => {
  for (const table of goesOn ? [] : rebuiltTables)
    await clickhouse.command({ sql: `drop table if exists ${newName(table)}` })
  for (const table of rebuiltTables)
    await clickhouse.command({ sql: `create table if not exists ${newName(table)} as ${table}` })
}

/**
 * Puts the new tables in the place of the old ones, one atomic swap each, and drops the old. `confirm`, asked before each,
 * throws where an old one holds what the new one lacks.
 */
export const swapTables = async (clickhouse: ClickHouse, confirm: () => Promise<void>): Promise<void> => {
  for (const table of rebuiltTables) {
    await confirm()
    await clickhouse.command({ sql: `exchange tables ${table} and ${newName(table)}` })
    crashPoint('rebuild.swapped-one')
    await clickhouse.command({ sql: `drop table ${newName(table)}` })
    crashPoint('rebuild.dropped-one')
  }
}

export const insertRebuilt = async (clickhouse: ClickHouse, table: RebuiltTable, lines: string): Promise<void> => {
  if (lines.length === 0) return
  // Without a token of its own, rows that were deleted a moment ago would be taken for a repeat and left out.
  await clickhouse.insert({ table: newName(table), rows: lines, pool: 'long', dedupToken: newId<string>() })
}

/** Takes out what an interrupted run may have inserted of these log batches. */
export const forgetPositions = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  positions: readonly number[],
): Promise<void> => {
  await clickhouse.command({
    sql: `alter table ${newName('event')} delete
      where workspace_id = {workspaceId:UUID} and position in {positions:Array(UInt64)}`,
    params: { workspaceId, positions },
    settings: { mutations_sync: '2' },
  })
}

/** Takes out what was copied of these subjects; resolves when it is gone. */
export const forgetSubjects = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
): Promise<void> => {
  await clickhouse.command({
    sql: `alter table ${newName('event')} delete
      where workspace_id = {workspaceId:UUID} and subject_id in {subjects:Array(UUID)}`,
    params: { workspaceId, subjects },
    settings: { mutations_sync: '2' },
    pool: 'long',
  })
}
