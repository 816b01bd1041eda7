import type { WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'

/** Writes lines of JSON. The token makes a repeat of the same insert a no-op while ClickHouse remembers it. */
export const insertLines = async (
  clickhouse: ClickHouse,
  table: 'event' | 'person' | 'subject_person' | 'customer_order',
  lines: string,
  dedupToken?: string,
): Promise<void> => {
  if (lines.length === 0) return
  await clickhouse.insert({ table, rows: lines, pool: 'project', ...(dedupToken ? { dedupToken } : {}) })
}

/** How many rows of a batch ClickHouse holds. */
export const countBatch = async (clickhouse: ClickHouse, workspaceId: WorkspaceId, batch: number): Promise<number> => {
  const rows = await clickhouse.query<{ rows: string | number }>({
    sql: 'select count() as rows from event where workspace_id = {workspaceId:UUID} and batch = {batch:UInt64}',
    params: { workspaceId, batch },
    pool: 'project',
  })
  return Number(rows[0]?.rows ?? 0)
}

/** Takes a batch out again, for it to be written anew; returns when it is gone. */
export const deleteBatch = async (clickhouse: ClickHouse, workspaceId: WorkspaceId, batch: number): Promise<void> => {
  await clickhouse.command({
    sql: 'alter table event delete where workspace_id = {workspaceId:UUID} and batch = {batch:UInt64}',
    params: { workspaceId, batch },
    settings: { mutations_sync: '2' },
    pool: 'project',
  })
}
