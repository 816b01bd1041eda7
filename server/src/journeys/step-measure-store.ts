import type { StepMeasure } from '@baton/contract'
import { type RawBuilder, sql } from 'kysely'
import type { JourneyId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** A message `m` after which the goal of its run was reached in time. */
const isConverted = sql`m.state = 'accepted' and exists (
  select 1 from journey_run_goal g
  where g.workspace_id = m.workspace_id and g.journey_id = m.journey_id and g.run_id = m.run_id
    and g.at >= m.handed_over_at and g.at <= m.handed_over_at + g.within_ms)`

/** Messages that led to the goal, by step; of all versions, or of one. */
export const conversionsByStep = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  version: number | null,
): Promise<readonly { stepId: string; converted: number }[]> => {
  const { rows } = await sql<{ stepId: string; converted: number }>`
    select m.step_id as "stepId", count(*)::int as converted from message m
    where m.workspace_id = ${workspaceId} and m.journey_id = ${journeyId} and ${isConverted}
      and (${version}::int is null or m.journey_version = ${version})
    group by m.step_id`.execute(tx)
  return rows
}

/** What each count of a box says of one of its messages `m`: as `countsByStep` of messages counts them. */
const messageMeasures: Readonly<Record<Exclude<StepMeasure, 'entered' | 'left'>, RawBuilder<unknown>>> = {
  sent: sql`m.state = 'accepted'`,
  delivered: sql`m.state = 'accepted' and m.bounced_at is null`,
  opened: sql`m.opened_at is not null`,
  clicked: sql`m.clicked_at is not null`,
  dropped: sql`m.state in ('dropped', 'expired', 'cancelled')`,
  converted: isConverted,
}

/** Whether that happened at the step to the run `r`. */
export const happenedAt = (stepId: string, measure: StepMeasure): RawBuilder<unknown> =>
  measure === 'entered' || measure === 'left'
    ? sql`exists (
        select 1 from journey_run_step s
        where s.workspace_id = r.workspace_id and s.subject_id = r.subject_id and s.run_id = r.run_id
          and s.step_id = ${stepId} ${measure === 'left' ? sql`and s.left_at is not null` : sql``})`
    : sql`exists (
        select 1 from message m
        where m.workspace_id = r.workspace_id and m.run_id = r.run_id and m.step_id = ${stepId}
          and m.journey_id = r.journey_id and ${messageMeasures[measure]})`
