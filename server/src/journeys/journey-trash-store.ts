import type { JourneyDraft } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, JourneyId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { TrashedRow } from '../workspaces/index.ts'

export const deleteJourney = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  at: Instant,
  by: string,
): Promise<void> => {
  await sql`
    update journey set deleted_at = ${at}, deleted_by = ${by}, revision = revision + 1
    where workspace_id = ${workspaceId} and journey_id = ${journeyId}`.execute(tx)
}

/** Deleted after that instant, the last first. */
export const listTrash = async (tx: Tx, workspaceId: WorkspaceId, after: Instant): Promise<readonly TrashedRow[]> => {
  const { rows } = await sql<TrashedRow>`
    select journey_id as id, name, deleted_at as "deletedAt", deleted_by as "deletedBy" from journey
    where workspace_id = ${workspaceId} and deleted_at > ${after}
    order by deleted_at desc, journey_id limit 200`.execute(tx)
  return rows
}

/** What was deleted after that instant is there again; its draft, or null: it is not in the trash. */
export const undeleteJourney = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  after: Instant,
): Promise<JourneyDraft | null> => {
  const { rows } = await sql<{ draft: JourneyDraft }>`
    update journey set deleted_at = null, deleted_by = null, revision = revision + 1
    where workspace_id = ${workspaceId} and journey_id = ${journeyId} and deleted_at > ${after} returning draft`.execute(
    tx,
  )
  return rows[0]?.draft ?? null
}

/** Those that nobody ever entered leave; the others stay, because people's history names them. */
export const forgetJourneys = async (tx: Tx, workspaceId: WorkspaceId, before: Instant): Promise<void> => {
  const { rows } = await sql<{ journeyId: JourneyId }>`
    delete from journey j where j.workspace_id = ${workspaceId} and j.deleted_at <= ${before}
      and not exists (select 1 from journey_run r where r.workspace_id = j.workspace_id and r.journey_id = j.journey_id)
    returning j.journey_id as "journeyId"`.execute(tx)
  const gone = rows.map(({ journeyId }) => journeyId)
  if (gone.length > 0)
    await sql`
      delete from journey_version where workspace_id = ${workspaceId} and journey_id = any(${gone}::uuid[])`.execute(tx)
}

/** Also of deleted ones. */
export const journeyNames = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select journey_id as id, name from journey
    where workspace_id = ${workspaceId} and journey_id = any(${ids}::uuid[])`.execute(tx)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Journeys whose draft, present version, or a version with people inside names the template. */
export const journeysWithTemplate = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  templateId: string,
): Promise<readonly { id: string; name: string }[]> => {
  const step = JSON.stringify([{ templateId }])
  const { rows } = await sql<{ id: string; name: string }>`
    select j.journey_id as id, j.name from journey j
    where j.workspace_id = ${workspaceId} and j.deleted_at is null and (
      j.draft -> 'steps' @> ${step}::jsonb
      or exists (
        select 1 from journey_version v
        where v.workspace_id = j.workspace_id and v.journey_id = j.journey_id
          and v.definition -> 'steps' @> ${step}::jsonb
          and ((v.version = j.version and j.status in ('live', 'paused')) or exists (
            select 1 from journey_run r where r.workspace_id = j.workspace_id and r.journey_id = j.journey_id
              and r.version = v.version and r.state = 'active'))))
    order by j.name, j.journey_id`.execute(tx)
  return rows
}
