import { sql } from 'kysely'
import type { JourneyId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** What became of one step's messages. */
export interface StepCounts {
  readonly stepId: string
  /** Taken by the channel. */
  readonly sent: number
  /** Taken and, as far as is known, not bounced. */
  readonly delivered: number
  readonly opened: number
  readonly clicked: number
  /** Not to be sent any more: a rule forbade it, it came too late, or its run ended before. */
  readonly dropped: number
}

/** The messages of a journey by step; of all its versions, or of one. */
export const countsByStep = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  version: number | null,
): Promise<readonly StepCounts[]> =>
  (
    await sql<StepCounts>`
      select step_id as "stepId",
        count(*) filter (where state = 'accepted')::int as sent,
        count(*) filter (where state = 'accepted' and bounced_at is null)::int as delivered,
        count(opened_at)::int as opened,
        count(clicked_at)::int as clicked,
        count(*) filter (where state in ('dropped', 'expired', 'cancelled'))::int as dropped
      from message
      where workspace_id = ${workspaceId} and journey_id = ${journeyId}
        and (${version}::int is null or journey_version = ${version})
      group by step_id order by step_id`.execute(tx)
  ).rows
