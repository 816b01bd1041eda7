import type { Rule } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, SegmentId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface SegmentRow {
  readonly segmentId: SegmentId
  readonly name: string
  readonly description: string
  readonly definition: Rule
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

const columns = sql`segment_id as "segmentId", name, description, definition, created_at as "createdAt",
  updated_at as "updatedAt"`

/** By name, after a name and id. */
export const listSegments = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  page: { search: string | undefined; after: readonly [string, string] | null; limit: number },
): Promise<readonly SegmentRow[]> => {
  const [name, segmentId] = page.after ?? [null, null]
  const { rows } = await sql<SegmentRow>`
    select ${columns} from segment
    where workspace_id = ${workspaceId} and deleted_at is null
      and (${page.search ?? null}::text is null or strpos(lower(name), lower(${page.search ?? null})) > 0)
      and (${name}::text is null or (lower(name), segment_id) > (lower(${name}), ${segmentId}::uuid))
    order by lower(name), segment_id limit ${page.limit}`.execute(tx)
  return rows
}

export const allSegments = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly SegmentRow[]> =>
  listSegments(tx, workspaceId, { search: undefined, after: null, limit: 10_000 })

export const readSegment = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
): Promise<SegmentRow | null> => {
  const { rows } = await sql<SegmentRow>`
    select ${columns} from segment
    where workspace_id = ${workspaceId} and segment_id = ${segmentId} and deleted_at is null`.execute(tx)
  return rows[0] ?? null
}

/** Makes or changes one; false when another segment has the name. */
export const writeSegment = async (tx: Tx, workspaceId: WorkspaceId, row: SegmentRow): Promise<boolean> => {
  const taken = await sql`
    select 1 from segment where workspace_id = ${workspaceId} and lower(name) = lower(${row.name})
      and segment_id <> ${row.segmentId} and deleted_at is null`.execute(tx)
  if (taken.rows.length > 0) return false
  await sql`
    insert into segment (workspace_id, segment_id, name, description, definition, created_at, updated_at)
    values (${workspaceId}, ${row.segmentId}, ${row.name}, ${row.description},
      ${JSON.stringify(row.definition)}::text::jsonb, ${row.createdAt}, ${row.updatedAt})
    on conflict (workspace_id, segment_id) do update set name = excluded.name, description = excluded.description,
      definition = excluded.definition, updated_at = excluded.updated_at`.execute(tx)
  return true
}

export const deleteSegment = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
  at: Instant,
): Promise<void> => {
  await sql`
    update segment set deleted_at = ${at}
    where workspace_id = ${workspaceId} and segment_id = ${segmentId}`.execute(tx)
}
