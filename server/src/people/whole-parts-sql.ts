import type { WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, ClickHousePool } from '../stores/index.ts'

/**
 * What ClickHouse holds whole of a workspace: `people`, all that was projected, and `masks`, everybody's. Said by a row that
 * is written when it becomes true and is lost with the rest, so that what came after a loss is not taken for all of it.
 */
export type WholePart = 'people' | 'masks'

export const markWhole = async (
  clickhouse: ClickHouse,
  workspaces: readonly WorkspaceId[],
  part: WholePart,
  pool: ClickHousePool,
): Promise<void> => {
  if (workspaces.length === 0) return
  await clickhouse.insert({
    table: 'whole_part',
    columns: ['workspace_id', 'part'],
    format: 'JSONCompactEachRow',
    rows: workspaces.map((workspaceId) => JSON.stringify([workspaceId, part])).join('\n'),
    pool,
  })
}

/** Which parts are whole; one that is said to be and has no row at all was lost by itself. */
export const readWhole = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  pool: ClickHousePool,
): Promise<ReadonlySet<WholePart>> => {
  const rows = await clickhouse.query<{ part: WholePart }>({
    sql: `select distinct part from whole_part where workspace_id = {workspaceId:UUID} and if(part = 'people',
        exists (select 1 from person where workspace_id = {workspaceId:UUID} limit 1),
        exists (select 1 from rule_mask where workspace_id = {workspaceId:UUID} limit 1))`,
    params: { workspaceId },
    pool,
  })
  return new Set(rows.map(({ part }) => part))
}

/** Takes back what was said of a part, so that what is written into it from now on is not taken for all of it. */
export const unmarkWhole = async (
  clickhouse: ClickHouse,
  workspaceId: WorkspaceId,
  part: WholePart,
  pool: ClickHousePool,
): Promise<void> => {
  await clickhouse.command({
    sql: 'alter table whole_part delete where workspace_id = {workspaceId:UUID} and part = {part:String}',
    params: { workspaceId, part },
    settings: { mutations_sync: '2' },
    pool,
  })
}
