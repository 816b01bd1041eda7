import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** What the checklist ticks by itself. Measure reads other rooms' tables as facts; it writes none of them. */
export interface Milestones {
  readonly hasEvent: boolean
  readonly hasSegment: boolean
  readonly hasPublishedJourney: boolean
  readonly hasReadMessage: boolean
}

/** So far back a message is looked for that was read. */
const newestMessages = 10_000

export const readMilestones = async (tx: Tx, workspaceId: WorkspaceId): Promise<Milestones> => {
  const { rows } = await sql<Milestones>`
    select
      exists (select 1 from log_batch where workspace_id = ${workspaceId}) as "hasEvent",
      exists (select 1 from segment where workspace_id = ${workspaceId} and deleted_at is null) as "hasSegment",
      exists (select 1 from journey_version where workspace_id = ${workspaceId}) as "hasPublishedJourney",
      exists (
        select 1 from (
          select coalesce(opened_at, clicked_at, replied_at) as read_at from message
          where workspace_id = ${workspaceId}
          order by planned_at desc, message_id desc limit ${newestMessages}) newest
        where read_at is not null) as "hasReadMessage"`.execute(tx)
  return rows[0] ?? { hasEvent: false, hasSegment: false, hasPublishedJourney: false, hasReadMessage: false }
}

/** What became of messages since an instant, by state: as many as the list shows that begins there. */
export const countMessagesSince = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  since: Instant,
): Promise<Record<string, number>> => {
  const { rows } = await sql<{ state: string; n: number }>`
    select state, count(*)::bigint as n from message
    where workspace_id = ${workspaceId} and changed_at >= ${since}
    group by state`.execute(tx)
  return Object.fromEntries(rows.map((row) => [row.state, row.n]))
}
