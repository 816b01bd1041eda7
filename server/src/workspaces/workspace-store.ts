import type { WorkspaceDraft } from '@baton/contract'
import { sql } from 'kysely'
import { brandAs, type Instant, type TimeZone, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface Workspace {
  readonly workspaceId: WorkspaceId
  readonly name: string
  readonly currency: string
  readonly timeZone: TimeZone
  /** Simulated people: nothing leaves for the real world. */
  readonly isSample: boolean
  readonly settings: Readonly<Record<string, unknown>>
  /** Domain time stands here; null: it runs with the machine. */
  readonly clockAt: Instant | null
  readonly createdAt: Instant
}

interface WorkspaceRow {
  readonly workspace_id: string
  readonly name: string
  readonly currency: string
  readonly time_zone: string
  readonly is_sample: boolean
  readonly settings: Record<string, unknown>
  readonly clock_at: string | number | null
  readonly created_at: string | number
}

const toWorkspace = (row: WorkspaceRow): Workspace => ({
  workspaceId: brandAs<WorkspaceId>(row.workspace_id),
  name: row.name,
  currency: row.currency,
  timeZone: brandAs<TimeZone>(row.time_zone),
  isSample: row.is_sample,
  settings: row.settings,
  clockAt: row.clock_at === null ? null : Number(row.clock_at),
  createdAt: Number(row.created_at),
})

const columns = sql`workspace_id, name, currency, time_zone, is_sample, settings, clock_at, created_at`

/** Open workspaces only: a sample that was left is not found any more. */
export const findWorkspaces = async (tx: Tx, ids: readonly WorkspaceId[]): Promise<Workspace[]> => {
  const { rows } = await sql<WorkspaceRow>`
    select ${columns} from workspace
    where workspace_id = any(${ids}::uuid[]) and closed_at is null
    order by created_at, workspace_id`.execute(tx)
  return rows.map(toWorkspace)
}

export const listWorkspaces = async (tx: Tx): Promise<Workspace[]> => {
  const { rows } = await sql<WorkspaceRow>`
    select ${columns} from workspace where closed_at is null order by created_at, workspace_id`.execute(tx)
  return rows.map(toWorkspace)
}

export interface NewWorkspace extends WorkspaceDraft {
  readonly workspaceId: WorkspaceId
  readonly isSample: boolean
  readonly clockAt: Instant | null
  readonly createdAt: Instant
}

export const insertWorkspace = async (tx: Tx, made: NewWorkspace): Promise<void> => {
  await sql`
    insert into workspace (workspace_id, name, currency, time_zone, is_sample, clock_at, created_at)
    values (${made.workspaceId}, ${made.name}, ${made.currency}, ${made.timeZone}, ${made.isSample}, ${made.clockAt}, ${made.createdAt})`.execute(
    tx,
  )
}

/** Locks the row against other changes of the workspace or its members; null: closed or never was. */
export const lockWorkspace = async (tx: Tx, workspaceId: WorkspaceId): Promise<Workspace | null> => {
  const { rows } = await sql<WorkspaceRow>`
    select ${columns} from workspace where workspace_id = ${workspaceId} and closed_at is null for update`.execute(tx)
  return rows[0] === undefined ? null : toWorkspace(rows[0])
}

export const updateWorkspace = async (tx: Tx, next: Workspace): Promise<void> => {
  await sql`
    update workspace
    set name = ${next.name}, currency = ${next.currency}, time_zone = ${next.timeZone}, settings = ${JSON.stringify(next.settings)}::jsonb
    where workspace_id = ${next.workspaceId}`.execute(tx)
}

export const setClock = async (tx: Tx, workspaceId: WorkspaceId, at: Instant | null): Promise<void> => {
  await sql`update workspace set clock_at = ${at}::bigint where workspace_id = ${workspaceId}`.execute(tx)
}

export const closeWorkspace = async (tx: Tx, workspaceId: WorkspaceId, at: Instant): Promise<void> => {
  await sql`update workspace set closed_at = ${at}::bigint where workspace_id = ${workspaceId}`.execute(tx)
}

/** Was there ever a sample that somebody left for her own data? Its row stays as the record of that. */
export const anySampleLeft = async (tx: Tx): Promise<boolean> =>
  (await sql`select 1 from workspace where is_sample and closed_at is not null limit 1`.execute(tx)).rows.length > 0

/** Closed, but with rows still to go. */
export const listUnemptied = async (
  tx: Tx,
): Promise<{ readonly workspaceId: WorkspaceId; readonly closedAt: Instant }[]> => {
  const { rows } = await sql<{ workspace_id: string; closed_at: string | number }>`
    select workspace_id, closed_at from workspace where closed_at is not null and emptied_at is null order by closed_at`.execute(
    tx,
  )
  return rows.map((row) => ({ workspaceId: brandAs<WorkspaceId>(row.workspace_id), closedAt: Number(row.closed_at) }))
}

/** Its keys, members and invitations go with it; the row itself stays as the record that it was. */
export const finishEmptying = async (tx: Tx, workspaceId: WorkspaceId, at: Instant): Promise<void> => {
  await sql`delete from access_key where workspace_id = ${workspaceId}`.execute(tx)
  await sql`delete from invitation where workspace_id = ${workspaceId}`.execute(tx)
  await sql`delete from member where workspace_id = ${workspaceId}`.execute(tx)
  await sql`update workspace set emptied_at = ${at}::bigint where workspace_id = ${workspaceId}`.execute(tx)
}
