import type { Rule } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, SegmentId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { StoredVersion, TrashedRow } from '../workspaces/index.ts'

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

/** The same, with who saved it last; nobody else changes it until the transaction ends. */
export const lockSegment = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
): Promise<(SegmentRow & { readonly savedBy: string }) | null> => {
  const { rows } = await sql<SegmentRow & { savedBy: string }>`
    select ${columns}, coalesce((
        select by from segment_version v where v.workspace_id = segment.workspace_id and v.segment_id = segment.segment_id
        order by version desc limit 1), 'system') as "savedBy"
    from segment where workspace_id = ${workspaceId} and segment_id = ${segmentId} and deleted_at is null
    for update`.execute(tx)
  return rows[0] ?? null
}

/** The name of a deleted segment, where another one has it now; null: it is free. */
export const nameTaken = async (tx: Tx, workspaceId: WorkspaceId, segmentId: SegmentId): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    select o.name from segment s join segment o on o.workspace_id = s.workspace_id and lower(o.name) = lower(s.name)
      and o.segment_id <> s.segment_id and o.deleted_at is null
    where s.workspace_id = ${workspaceId} and s.segment_id = ${segmentId}`.execute(tx)
  return rows[0]?.name ?? null
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

/** Keeps what was saved, by whom, unless it is what was kept last. */
export const keepVersion = async (tx: Tx, workspaceId: WorkspaceId, row: SegmentRow, by: string): Promise<void> => {
  await sql`
    insert into segment_version (workspace_id, segment_id, version, name, description, definition, at, by)
    select ${workspaceId}, ${row.segmentId}, coalesce(last.version, 0) + 1, ${row.name}, ${row.description},
      ${JSON.stringify(row.definition)}::text::jsonb, ${row.updatedAt}, ${by}
    from (select 1) one left join lateral (
      select version, name, description, definition from segment_version
      where workspace_id = ${workspaceId} and segment_id = ${row.segmentId} order by version desc limit 1) last on true
    where (last.name, last.description, last.definition)
      is distinct from (${row.name}, ${row.description}, ${JSON.stringify(row.definition)}::text::jsonb)`.execute(tx)
}

/** Newest first, below a version; `limit` of them. */
export const listVersions = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
  page: { before: number | null; limit: number },
): Promise<readonly StoredVersion[]> => {
  const { rows } = await sql<{
    version: number
    at: Instant
    by: string
    name: string
    description: string
    rule: Rule
  }>`
    select version, at, by, name, description, definition as rule from segment_version
    where workspace_id = ${workspaceId} and segment_id = ${segmentId}
      and (${page.before}::int is null or version < ${page.before})
    order by version desc limit ${page.limit}`.execute(tx)
  return rows.map(({ version, at, by, ...content }) => ({ version, at, by, content }))
}

export const readVersion = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
  version: number,
): Promise<Pick<SegmentRow, 'name' | 'description' | 'definition'> | null> => {
  const { rows } = await sql<Pick<SegmentRow, 'name' | 'description' | 'definition'>>`
    select name, description, definition from segment_version
    where workspace_id = ${workspaceId} and segment_id = ${segmentId} and version = ${version}`.execute(tx)
  return rows[0] ?? null
}

export const deleteSegment = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
  at: Instant,
  by: string,
): Promise<void> => {
  await sql`
    update segment set deleted_at = ${at}, deleted_by = ${by}
    where workspace_id = ${workspaceId} and segment_id = ${segmentId}`.execute(tx)
}

/** Deleted after that instant, the last first. */
export const listTrash = async (tx: Tx, workspaceId: WorkspaceId, after: Instant): Promise<readonly TrashedRow[]> => {
  const { rows } = await sql<TrashedRow>`
    select segment_id as id, name, deleted_at as "deletedAt", deleted_by as "deletedBy" from segment
    where workspace_id = ${workspaceId} and deleted_at > ${after}
    order by deleted_at desc, segment_id limit 200`.execute(tx)
  return rows
}

/** What was deleted after that instant is there again; null: it is not in the trash. */
export const undeleteSegment = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  segmentId: SegmentId,
  after: Instant,
): Promise<SegmentRow | null> => {
  const { rows } = await sql<SegmentRow>`
    update segment set deleted_at = null, deleted_by = null
    where workspace_id = ${workspaceId} and segment_id = ${segmentId} and deleted_at > ${after}
    returning ${columns}`.execute(tx)
  return rows[0] ?? null
}

/** The name stays for history; what the segment was leaves. */
export const forgetVersions = async (tx: Tx, workspaceId: WorkspaceId, before: Instant): Promise<void> => {
  await sql`
    delete from segment_version v using segment s
    where s.workspace_id = ${workspaceId} and s.deleted_at <= ${before}
      and v.workspace_id = s.workspace_id and v.segment_id = s.segment_id`.execute(tx)
}
