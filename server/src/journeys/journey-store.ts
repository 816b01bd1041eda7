import type { JourneyDefinition, JourneyDraft, JourneyStatus } from '@baton/contract'
import { sql } from 'kysely'
import { type Instant, type JourneyId, must, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { StoredVersion } from '../workspaces/index.ts'

/** A version that may have people: the current one, those with people inside, and the few before it. */
export interface ListedVersion {
  readonly journeyId: JourneyId
  readonly version: number
  readonly status: JourneyStatus
  readonly isCurrent: boolean
  /** Of the journey: changes of membership up to this one let nobody in. */
  readonly openedAfter: number
  readonly active: number
}

/** The versions, and the revision of what was published as they were read. */
export interface Listed {
  readonly versions: readonly ListedVersion[]
  readonly revision: number
}

const activeSql = sql`coalesce((
  select sum(case t.measure when 'entered' then t.amount when 'finished' then -t.amount when 'exited' then -t.amount else 0 end)
  from journey_tally t
  where t.workspace_id = v.workspace_id and t.journey_id = v.journey_id and t.version = v.version), 0)::bigint`

/** Superseded versions without people go on noting late arrivals for so many publishes. */
const versionsListed = 5

/**
 * The revision of what was published: grows with every change of status or version of a journey that has one. Drafts don't
 * count, for no version of theirs is listed. One expression for whoever notes it and whoever compares it.
 */
const revisionSql = (workspaceId: WorkspaceId) => sql<number>`(
  select coalesce(sum(p.revision), 0)::bigint from journey p
  where p.workspace_id = ${workspaceId} and exists (
    select 1 from journey_version x where x.workspace_id = p.workspace_id and x.journey_id = p.journey_id))`

export const listVersions = async (tx: Tx, workspaceId: WorkspaceId): Promise<Listed> => {
  const { rows } = await sql<ListedVersion & { revision: number }>`
    select * from (
      select j.journey_id as "journeyId", v.version, j.status, v.version = j.version as "isCurrent",
        j.opened_after as "openedAfter",
        ${revisionSql(workspaceId)} as revision, ${activeSql} as active
      from journey j join journey_version v using (workspace_id, journey_id)
      where j.workspace_id = ${workspaceId}) listed
    where active > 0 or version > (select max(x.version) from journey_version x
      where x.workspace_id = ${workspaceId} and x.journey_id = listed."journeyId") - ${versionsListed}
    order by "journeyId", version`.execute(tx)
  // Of a journey with a version at least the newest is listed: where none is, the revision is that of nothing.
  return { versions: rows, revision: rows[0]?.revision ?? 0 }
}

export const readRevision = async (tx: Tx, workspaceId: WorkspaceId): Promise<number> => {
  const { rows } = await sql<{ revision: number }>`select ${revisionSql(workspaceId)} as revision`.execute(tx)
  return must(rows[0], 'a select without a from gives a row').revision
}

export const loadDefinitions = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  wanted: readonly { journeyId: JourneyId; version: number }[],
): Promise<readonly { journeyId: JourneyId; version: number; definition: unknown }[]> => {
  if (wanted.length === 0) return []
  const { rows } = await sql<{ journeyId: JourneyId; version: number; definition: unknown }>`
    select v.journey_id as "journeyId", v.version, v.definition
    from unnest(${wanted.map((each) => each.journeyId)}::uuid[], ${wanted.map((each) => each.version)}::int[])
      w(journey_id, version)
    join journey_version v on v.workspace_id = ${workspaceId} and v.journey_id = w.journey_id and v.version = w.version`.execute(
    tx,
  )
  return rows
}

export interface JourneyRow {
  readonly journeyId: JourneyId
  readonly name: string
  readonly status: JourneyStatus
  readonly draft: JourneyDraft
  readonly version: number | null
  readonly definition: unknown
  readonly publishedAt: Instant | null
  readonly publishedBy: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly updatedBy: string
  readonly entered: number
  readonly finished: number
  readonly exited: number
}

const journeyColumns = sql`
  j.journey_id as "journeyId", j.name, j.status, j.draft, j.version, v.definition, v.published_at as "publishedAt",
  v.published_by as "publishedBy", j.created_at as "createdAt", j.updated_at as "updatedAt",
  j.updated_by as "updatedBy",  t.entered, t.finished, t.exited`
const journeyTables = sql`
  journey j
  left join journey_version v on v.workspace_id = j.workspace_id and v.journey_id = j.journey_id and v.version = j.version
  cross join lateral (
    select coalesce(sum(amount) filter (where measure = 'entered'), 0)::bigint as entered,
      coalesce(sum(amount) filter (where measure = 'finished'), 0)::bigint as finished,
      coalesce(sum(amount) filter (where measure = 'exited'), 0)::bigint as exited
    from journey_tally y where y.workspace_id = j.workspace_id and y.journey_id = j.journey_id) t`

export const findJourney = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
): Promise<JourneyRow | null> => {
  const { rows } = await sql<JourneyRow>`
    select ${journeyColumns} from ${journeyTables}
    where j.workspace_id = ${workspaceId} and j.journey_id = ${journeyId} and j.deleted_at is null`.execute(tx)
  return rows[0] ?? null
}

/** Newest change first. */
export const listJourneys = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: {
    status: JourneyStatus | null
    search: string | null
    after: readonly [Instant, string] | null
    limit: number
  },
): Promise<readonly JourneyRow[]> => {
  const [afterAt, afterId] = query.after ?? [null, null]
  const { rows } = await sql<JourneyRow>`
    select ${journeyColumns} from ${journeyTables}
    where j.workspace_id = ${workspaceId} and j.deleted_at is null
      and (${query.status}::text is null or j.status = ${query.status})
      and (${query.search}::text is null or position(lower(${query.search}::text) in lower(j.name)) > 0)
      and (${afterAt}::bigint is null or (j.updated_at, j.journey_id) < (${afterAt}::bigint, ${afterId}::uuid))
    order by j.updated_at desc, j.journey_id desc limit ${query.limit}`.execute(tx)
  return rows
}

export const listStopped = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly JourneyId[]> => {
  const { rows } = await sql<{ journeyId: JourneyId }>`
    select journey_id as "journeyId" from journey
    where workspace_id = ${workspaceId} and status = 'stopped' and deleted_at is null`.execute(tx)
  return rows.map(({ journeyId }) => journeyId)
}

export const insertJourney = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journey: { journeyId: JourneyId; name: string; draft: JourneyDraft; by: string; at: Instant },
): Promise<void> => {
  await sql`
    insert into journey (workspace_id, journey_id, name, status, draft, created_at, created_by, updated_at,
      updated_by)
    values (${workspaceId}, ${journey.journeyId}, ${journey.name}, 'draft', ${JSON.stringify(journey.draft)}::jsonb,
      ${journey.at}, ${journey.by}, ${journey.at}, ${journey.by})`.execute(tx)
}

/** Each change has an instant of its own, also while domain time stands: by it a change is told from the one before. */
const changedSql = (by: string, at: Instant) => sql`updated_at = greatest(${at}, updated_at + 1), updated_by = ${by}`

/** False: it is not there, or no longer as it was at `expectedUpdatedAt` (null: whatever it was). */
export const updateDraft = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  change: {
    journeyId: JourneyId
    name: string | null
    draft: JourneyDraft | null
    expectedUpdatedAt: Instant | null
    by: string
    at: Instant
  },
): Promise<boolean> => {
  const draft = change.draft === null ? null : JSON.stringify(change.draft)
  const { rows } = await sql`
    update journey set name = coalesce(${change.name}::text, name), draft = coalesce(${draft}::jsonb, draft),
      ${changedSql(change.by, change.at)}
    where workspace_id = ${workspaceId} and journey_id = ${change.journeyId} and deleted_at is null
      and (${change.expectedUpdatedAt}::bigint is null or updated_at = ${change.expectedUpdatedAt}) returning 1`.execute(
    tx,
  )
  return rows.length > 0
}

interface LockedJourney {
  readonly status: JourneyStatus
  readonly version: number | null
  readonly draft: JourneyDraft
  readonly updatedAt: Instant
  readonly updatedBy: string
  /** Number of the newest version; 0 before the first. */
  readonly newest: number
}

/** Locks the journey until the transaction ends: hand-overs of its messages wait, or have been counted before. */
export const lockJourney = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
): Promise<LockedJourney | null> => {
  const { rows } = await sql<Omit<LockedJourney, 'newest'>>`
    select status, version, draft, updated_at as "updatedAt", updated_by as "updatedBy" from journey
    where workspace_id = ${workspaceId} and journey_id = ${journeyId} and deleted_at is null for update`.execute(tx)
  const row = rows[0]
  if (!row) return null
  const newest = await sql<{ newest: number }>`
    select coalesce(max(version), 0) as newest from journey_version
    where workspace_id = ${workspaceId} and journey_id = ${journeyId}`.execute(tx)
  return { ...row, newest: newest.rows[0]?.newest ?? 0 }
}

export const insertVersion = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  version: { journeyId: JourneyId; version: number; definition: JourneyDefinition; at: Instant; by: string },
): Promise<void> => {
  await sql`
    insert into journey_version (workspace_id, journey_id, version, definition, published_at, published_by)
    values (${workspaceId}, ${version.journeyId}, ${version.version}, ${JSON.stringify(version.definition)}::jsonb,
      ${version.at}, ${version.by})`.execute(tx)
}

/** `openedAfter` where it opens: the last change of membership sealed by then. */
export const setStatus = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  to: { status: JourneyStatus; version?: number; openedAfter: number | null; by: string; at: Instant },
): Promise<void> => {
  await sql`
    update journey set status = ${to.status}, version = coalesce(${to.version ?? null}::int, version),
      opened_after = coalesce(${to.openedAfter}::bigint, opened_after), revision = revision + 1,
      ${changedSql(to.by, to.at)}
    where workspace_id = ${workspaceId} and journey_id = ${journeyId}`.execute(tx)
}

export const listPublished = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
): Promise<readonly { version: number; publishedAt: Instant; publishedBy: string; active: number }[]> => {
  const { rows } = await sql<{ version: number; publishedAt: Instant; publishedBy: string; active: number }>`
    select v.version, v.published_at as "publishedAt", v.published_by as "publishedBy", ${activeSql} as active
    from journey_version v where v.workspace_id = ${workspaceId} and v.journey_id = ${journeyId}
    order by v.version desc`.execute(tx)
  return rows
}

/** Newest first, below a version; `limit` of them. */
export const versionsBelow = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  page: { before: number | null; limit: number },
): Promise<readonly StoredVersion[]> => {
  const { rows } = await sql<StoredVersion>`
    select version, published_at as at, published_by as by, definition as content from journey_version
    where workspace_id = ${workspaceId} and journey_id = ${journeyId}
      and (${page.before}::int is null or version < ${page.before})
    order by version desc limit ${page.limit}`.execute(tx)
  return rows
}

/** How many wait at each step of each version. */
export const countWaiting = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
): Promise<readonly { version: number; stepId: string; waiting: number }[]> => {
  const { rows } = await sql<{ version: number; stepId: string; waiting: number }>`
    select version, item as "stepId",
      sum(case measure when 'step-entered' then amount else -amount end)::bigint as waiting
    from journey_tally
    where workspace_id = ${workspaceId} and journey_id = ${journeyId} and measure in ('step-entered', 'step-left')
    group by version, item having sum(case measure when 'step-entered' then amount else -amount end) > 0
    order by version, item`.execute(tx)
  return rows
}

export interface TallyRow {
  readonly measure: 'entered' | 'finished' | 'exited' | 'step-entered' | 'step-left'
  readonly item: string
  readonly amount: number
}

export const readTallies = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  version: number | null,
): Promise<readonly TallyRow[]> => {
  const { rows } = await sql<TallyRow>`
    select measure, item, sum(amount)::bigint as amount from journey_tally
    where workspace_id = ${workspaceId} and journey_id = ${journeyId} and (${version}::int is null or version = ${version})
    group by measure, item`.execute(tx)
  return rows
}
