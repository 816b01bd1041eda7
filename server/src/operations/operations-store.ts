import { sql } from 'kysely'
import type { Lane } from '../jobs/index.ts'
import { dayMs, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface StageRow {
  readonly stage: string
  readonly lane: Lane
  readonly position: number
  readonly handled: number
  readonly updatedAt: Instant
  readonly eventsBehind: number
  /** When the oldest event this stage has not dealt with was received; null when there is none. */
  readonly oldestBehindAt: Instant | null
}

/** Every stage of one workspace, with what the log holds beyond its position. */
export const readStages = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly StageRow[]> =>
  (
    await sql<StageRow>`
      select p.stage, p.lane, p.position, p.handled, p.updated_at as "updatedAt",
        behind.events as "eventsBehind", behind.oldest as "oldestBehindAt"
      from stage_position p
      cross join lateral (
        select coalesce(sum(e.event_count), 0)::bigint as events, min(e.received_at) as oldest
        from log_entry e
        where e.workspace_id = p.workspace_id and e.lane = p.lane and e.position > p.position
      ) behind
      where p.workspace_id = ${workspaceId}
      order by p.stage, p.lane`.execute(tx)
  ).rows

/** Events that wait in a lane of the log for a stage that has no position yet, because it never had a turn. */
export const readWaiting = async (
  tx: Tx,
  workspaceId: WorkspaceId,
): Promise<readonly { lane: Lane; events: number; oldest: Instant }[]> =>
  (
    await sql<{ lane: Lane; events: number; oldest: Instant }>`
      select lane, sum(event_count)::bigint as events, min(received_at) as oldest
      from log_entry where workspace_id = ${workspaceId} group by lane`.execute(tx)
  ).rows

export interface StageTotals {
  readonly stage: string
  readonly lane: Lane
  readonly handled: number
  readonly eventsBehind: number
  readonly oldestBehindAt: Instant | null
}

/** The stages over all workspaces, for the metrics: sums, nothing of any one workspace. */
export const readStageTotals = async (tx: Tx): Promise<readonly StageTotals[]> =>
  (
    await sql<StageTotals>`
      select p.stage, p.lane, sum(p.handled)::bigint as handled,
        coalesce(sum(behind.events), 0)::bigint as "eventsBehind", min(behind.oldest) as "oldestBehindAt"
      from stage_position p
      cross join lateral (
        select sum(e.event_count)::bigint as events, min(e.received_at) as oldest
        from log_entry e
        where e.workspace_id = p.workspace_id and e.lane = p.lane and e.position > p.position
      ) behind
      group by p.stage, p.lane
      order by p.stage, p.lane`.execute(tx)
  ).rows

/** The newest events that were set aside, at most `limit` of them, by reason; inside a transaction of the workspace. */
export const readSetAside = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly { reason: string; events: number; newestAt: Instant }[]> =>
  (
    await sql<{ reason: string; events: number; newestAt: Instant }>`
      select reason, count(*)::int as events, max(received_at) as "newestAt"
      from (
        select reason, received_at from quarantined_event
        where workspace_id = ${workspaceId}
        order by position desc, event_index desc limit ${limit}
      ) newest
      group by reason order by events desc, reason`.execute(tx)
  ).rows

/** How long the oldest wake-up has been due, by the clock of its workspace; null when none is. */
export const readOldestDue = async (tx: Tx, machineNow: Instant): Promise<number | null> =>
  (
    await sql<{ dueForMs: number | null }>`
      select max(coalesce(s.clock_at, ${machineNow}) - w.due_at) as "dueForMs"
      from wakeup w join workspace s using (workspace_id)
      where w.due_at <= coalesce(s.clock_at, ${machineNow})`.execute(tx)
  ).rows[0]?.dueForMs ?? null

/** Who holds leases that are still good. */
export const readWorkers = async (
  tx: Tx,
  now: Instant,
): Promise<readonly { holder: string; leases: number; expiresAt: Instant }[]> =>
  (
    await sql<{ holder: string; leases: number; expiresAt: Instant }>`
      select holder, count(*)::int as leases, max(expires_at) as "expiresAt"
      from lease where expires_at > ${now} and name like 'shard:%' group by holder order by holder`.execute(tx)
  ).rows

/** Transactions that have been writing for longer than `longerThanMs`: they hold every stage back. */
export const readLongWrites = async (
  tx: Tx,
  now: Instant,
  longerThanMs: number,
): Promise<readonly { pid: number; forMs: number; query: string }[]> => {
  const { rows } = await sql<{ pid: number; beganAt: number; query: string | null }>`
    select pid, (extract(epoch from xact_start) * 1000)::bigint as "beganAt", left(query, 120) as query
    from pg_stat_activity
    where backend_xid is not null and xact_start is not null and pid <> pg_backend_pid()
      and datname = current_database()`.execute(tx)
  return rows
    .map(({ pid, beganAt, query }) => ({ pid, forMs: now - beganAt, query: query ?? '' }))
    .filter(({ forMs }) => forMs > longerThanMs)
}

/** Weeks since Monday 2000-01-03, as `dedup_key` counts its generations. */
const firstGenerationAt = Date.UTC(2000, 0, 3)
const weekMs = 7 * dayMs

/** What the remembered message ids take on disk, and for how long they have been kept. */
export const readDedupSize = async (tx: Tx, now: Instant): Promise<{ bytes: number; days: number }> => {
  const { rows } = await sql<{ name: string; bytes: number }>`
    select c.relname as name, pg_total_relation_size(c.oid)::bigint as bytes
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'dedup_key'::regclass and pg_relation_size(c.oid) > 0`.execute(tx)
  const oldest = Math.min(
    ...rows
      .map(({ name }) => firstGenerationAt + Number(/\d+$/.exec(name)?.[0] ?? Number.NaN) * weekMs)
      .filter(Number.isFinite),
  )
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
  return { bytes, days: Number.isFinite(oldest) ? Math.max(1, (now - oldest) / dayMs) : 0 }
}

export const readPostgresVersion = async (tx: Tx): Promise<string> =>
  (await sql<{ version: string }>`select current_setting('server_version') as version`.execute(tx)).rows[0]?.version ??
  ''
