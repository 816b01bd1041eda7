import type { Consent, Preferences, Suppression } from '@baton/contract'
import { sql } from 'kysely'
import { type Instant, idOf, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Contact } from './policy-input.ts'

/** A statement of consent by one subject; `statement` makes a repeated write the same row. */
export interface ConsentRow extends Consent {
  readonly subjectId: SubjectId
  readonly statement: string
}

export const insertConsents = async (tx: Tx, workspaceId: WorkspaceId, rows: readonly ConsentRow[]) => {
  if (rows.length === 0) return
  const ids = rows.map((row) => idOf<string>(workspaceId, row.subjectId, row.purpose, row.statement))
  await sql`
    insert into consent (workspace_id, subject_id, purpose, at, consent_id, given, source, wording, expires_at)
    select ${workspaceId}, * from unnest(
      ${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.purpose)}::text[],
      ${rows.map((row) => row.at)}::bigint[], ${ids}::uuid[], ${rows.map((row) => row.given)}::boolean[],
      ${rows.map((row) => row.source)}::text[], ${rows.map((row) => row.wording)}::text[],
      ${rows.map((row) => row.expiresAt)}::bigint[])
    on conflict do nothing`.execute(tx)
}

export interface PreferenceRow {
  readonly subjectId: SubjectId
  readonly preferences: Preferences
  readonly at: Instant
}

/** Every subject of hers gets the same preferences; a subject stands once among the rows. */
export const writePreferences = async (tx: Tx, workspaceId: WorkspaceId, rows: readonly PreferenceRow[]) => {
  if (rows.length === 0) return
  const of = <T>(read: (preferences: Preferences) => T) => rows.map(({ preferences }) => read(preferences))
  const lists = (read: (preferences: Preferences) => readonly string[]) => of((one) => JSON.stringify(read(one)))
  await sql`
    insert into preference (workspace_id, subject_id, topics_off, channels_off, unsubscribed_all, paused_until,
      weekly_limit, updated_at)
    select ${workspaceId}, p.id, array(select jsonb_array_elements_text(p.topics_off)),
      array(select jsonb_array_elements_text(p.channels_off)), p.unsubscribed_all, p.paused_until, p.weekly_limit, p.at
    from unnest(${rows.map(({ subjectId }) => subjectId)}::uuid[], ${lists((one) => one.topicsOff)}::jsonb[],
      ${lists((one) => one.channelsOff)}::jsonb[], ${of((one) => one.unsubscribedAll)}::boolean[],
      ${of((one) => one.pausedUntil)}::bigint[], ${of((one) => one.weeklyLimit)}::integer[],
      ${rows.map(({ at }) => at)}::bigint[])
      as p(id, topics_off, channels_off, unsubscribed_all, paused_until, weekly_limit, at)
    on conflict (workspace_id, subject_id) do update set topics_off = excluded.topics_off,
      channels_off = excluded.channels_off, unsubscribed_all = excluded.unsubscribed_all,
      paused_until = excluded.paused_until, weekly_limit = excluded.weekly_limit, updated_at = excluded.updated_at`.execute(
    tx,
  )
}

export const insertSuppressions = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  rows: readonly (Suppression & { readonly subjectId: SubjectId; readonly address: string | null })[],
) => {
  if (rows.length === 0) return
  await sql`
    insert into suppression (workspace_id, subject_id, reason, address, detail, at)
    select ${workspaceId}, * from unnest(
      ${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.reason)}::text[],
      ${rows.map((row) => row.address?.toLowerCase() ?? '')}::text[], ${rows.map((row) => row.detail.slice(0, 500))}::text[],
      ${rows.map((row) => row.at)}::bigint[])
    on conflict do nothing`.execute(tx)
}

/** Lifts what was suppressed by hand; bounces, complaints and erasure stay. */
export const liftSuppression = (tx: Tx, workspaceId: WorkspaceId, subjectIds: readonly SubjectId[]) =>
  sql`delete from suppression where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[])
      and reason = 'suppressed'`.execute(tx)

export interface ContactRow extends Contact {
  readonly subjectId: SubjectId
  readonly contactId: string
}

export const insertContacts = async (tx: Tx, workspaceId: WorkspaceId, rows: readonly ContactRow[]) => {
  if (rows.length === 0) return
  await sql`
    insert into contact_count (workspace_id, subject_id, at, contact_id, channel, topic, phase, purpose)
    select ${workspaceId}, * from unnest(
      ${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.at)}::bigint[],
      ${rows.map((row) => row.contactId)}::uuid[], ${rows.map((row) => row.channel)}::text[],
      ${rows.map((row) => row.topic)}::text[], ${rows.map((row) => row.phase)}::text[],
      ${rows.map((row) => row.purpose)}::text[])
    on conflict do nothing`.execute(tx)
}

/** A hand-over that was known not to happen does not count. */
export const deleteContacts = (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjectIds: readonly SubjectId[],
  contactIds: readonly string[],
) =>
  sql`delete from contact_count where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[])
      and contact_id = any(${contactIds}::uuid[])`.execute(tx)

export const deleteContactsBefore = (tx: Tx, workspaceId: WorkspaceId, before: Instant) =>
  sql`delete from contact_count where workspace_id = ${workspaceId} and at < ${before}`.execute(tx)

export const deleteIssuesClosedBefore = (tx: Tx, workspaceId: WorkspaceId, before: Instant) =>
  sql`delete from open_issue where workspace_id = ${workspaceId} and closed_at < ${before}
      and (opened_at is null or opened_at <= closed_at)`.execute(tx)

export interface IssueRow {
  readonly subjectId: SubjectId
  readonly issue: string
  readonly openedAt: Instant | null
  readonly closedAt: Instant | null
}

/** Folds openings and closings in whatever order they come: the latest of each counts. */
export const foldIssues = async (tx: Tx, workspaceId: WorkspaceId, rows: readonly IssueRow[]) => {
  if (rows.length === 0) return
  await sql`
    insert into open_issue (workspace_id, subject_id, issue, opened_at, closed_at)
    select ${workspaceId}, subject_id, issue, max(opened_at), max(closed_at) from unnest(
      ${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.issue)}::text[],
      ${rows.map((row) => row.openedAt)}::bigint[], ${rows.map((row) => row.closedAt)}::bigint[])
      as new(subject_id, issue, opened_at, closed_at)
    group by subject_id, issue
    on conflict (workspace_id, subject_id, issue) do update set
      opened_at = greatest(open_issue.opened_at, excluded.opened_at),
      closed_at = greatest(open_issue.closed_at, excluded.closed_at)`.execute(tx)
}

/** What is kept of people by their persons' and subjects' ids. */
export const deleteErased = async (tx: Tx, workspaceId: WorkspaceId, ids: readonly string[]): Promise<void> => {
  for (const table of ['consent', 'preference', 'suppression', 'contact_count', 'open_issue'] as const)
    await sql`
      delete from ${sql.table(table)} where workspace_id = ${workspaceId} and subject_id = any(${ids}::uuid[])`.execute(
      tx,
    )
  await sql`
    delete from person_policy where workspace_id = ${workspaceId} and person_id = any(${ids}::uuid[])`.execute(tx)
}
