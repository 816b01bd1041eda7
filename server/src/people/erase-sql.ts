import type { WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

/** By what a row is hers, in each table and in the ones that a rebuild is filling. */
const conditions = {
  event: 'subject_id in {ids:Array(UUID)}',
  person: 'person_id in {ids:Array(UUID)}',
  subject_person: '(subject_id in {ids:Array(UUID)} or person_id in {ids:Array(UUID)})',
  customer_order: 'subject_id in {ids:Array(UUID)}',
} as const
const tables = ['event', 'person', 'subject_person', 'customer_order'] as const

interface Place {
  readonly table: string
  readonly condition: string
}

const places = async (clickhouse: ClickHouse): Promise<readonly Place[]> => {
  const rows = await clickhouse.query<{ name: string }>({
    sql: 'select name from system.tables where database = currentDatabase() and name in {names:Array(String)}',
    params: { names: tables.map((table) => `${table}_rebuild`) },
    pool: 'long',
  })
  const rebuilt = new Set(rows.map(({ name }) => name))
  return tables.flatMap((table) =>
    [table, `${table}_rebuild`]
      .filter((name) => name === table || rebuilt.has(name))
      .map((name) => ({ table: name, condition: conditions[table] })),
  )
}

/** How many rows of these people stand in ClickHouse. */
export const countErased = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<number> => {
  let count = 0
  for (const { table, condition } of await places(clickhouse)) {
    const rows = await clickhouse.query<{ n: number }>({
      sql: `select count() as n from ${table} where workspace_id = {workspaceId:UUID} and ${condition}`,
      params: { workspaceId, ids },
      pool: 'long',
    })
    count += Number(rows[0]?.n ?? 0)
  }
  return count
}

/** Takes these people's rows out of every part that holds some; resolves when they are gone. */
export const deleteErased = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> => {
  for (const { table, condition } of await places(clickhouse))
    await clickhouse.command({
      sql: `alter table ${table} delete where workspace_id = {workspaceId:UUID} and ${condition}`,
      params: { workspaceId, ids },
      settings: { mutations_sync: '2' },
      pool: 'long',
    })
}
