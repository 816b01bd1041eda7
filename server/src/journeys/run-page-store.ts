import type { RunState, StepMeasure } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, JourneyId, RunId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { ArrivedEvent } from './run.ts'
import { happenedAt } from './step-measure-store.ts'

export interface ListedRun {
  readonly runId: RunId
  readonly journeyId: JourneyId
  readonly journeyName: string
  readonly version: number
  readonly subjectId: SubjectId
  readonly entryKey: string
  readonly state: RunState
  readonly reason: string | null
  readonly enteredAt: Instant
  readonly endedAt: Instant | null
  readonly stepId: string | null
  readonly dueAt: Instant | null
  readonly late: number
  readonly entry: ArrivedEvent
}

const runColumns = sql`
  r.run_id as "runId", r.journey_id as "journeyId", j.name as "journeyName", r.version, r.subject_id as "subjectId",
  r.entry_key as "entryKey", r.state, r.reason, r.entered_at as "enteredAt", r.ended_at as "endedAt",
  r.step_id as "stepId", r.due_at as "dueAt", r.late, r.entry`
const runTables = sql`
  journey_run r join journey j on j.workspace_id = r.workspace_id and j.journey_id = r.journey_id`

/** Newest entry first; one row more than asked for says that there is another page. */
export const listRuns = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  query: {
    journeyId: JourneyId | null
    step: string | null
    /** At `step`; null: she is there now. */
    measure: StepMeasure | null
    state: RunState | null
    version: number | null
    subjects: readonly SubjectId[] | null
    after: readonly [Instant, string] | null
    limit: number
  },
): Promise<readonly ListedRun[]> => {
  const [afterAt, afterId] = query.after ?? [null, null]
  const { rows } = await sql<ListedRun>`
    select ${runColumns} from ${runTables}
    where r.workspace_id = ${workspaceId}
      and (${query.journeyId}::uuid is null or r.journey_id = ${query.journeyId})
      and ${atStep(query.step, query.measure)}
      and (${query.state}::text is null or r.state = ${query.state})
      and (${query.version}::int is null or r.version = ${query.version})
      and (${query.subjects}::uuid[] is null or r.subject_id = any(${query.subjects}::uuid[]))
      and (${afterAt}::bigint is null or (r.entered_at, r.run_id) < (${afterAt}::bigint, ${afterId}::uuid))
    order by r.entered_at desc, r.run_id desc limit ${query.limit + 1}`.execute(tx)
  return rows
}

const atStep = (step: string | null, measure: StepMeasure | null) => {
  if (step === null) return sql`true`
  return measure === null ? sql`r.step_id = ${step}` : happenedAt(step, measure)
}

export const findRun = async (tx: Tx, workspaceId: WorkspaceId, runId: RunId): Promise<ListedRun | null> => {
  const { rows } = await sql<ListedRun>`
    select ${runColumns} from ${runTables} where r.workspace_id = ${workspaceId} and r.run_id = ${runId}`.execute(tx)
  return rows[0] ?? null
}

export interface StepPassed {
  readonly stepNo: number
  readonly stepId: string
  readonly enteredAt: Instant
  readonly leftAt: Instant | null
  readonly outcome: string | null
  readonly messageId: string | null
}

export interface LateArrival {
  readonly stepId: string
  readonly event: string
  readonly messageId: string
  readonly at: Instant
  readonly missedAt: Instant
}

export const readTrace = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  run: { subjectId: SubjectId; runId: RunId },
): Promise<{ steps: readonly StepPassed[]; late: readonly LateArrival[] }> => {
  const steps = await sql<StepPassed>`
    select step_no as "stepNo", step_id as "stepId", entered_at as "enteredAt", left_at as "leftAt", outcome,
      message_id as "messageId"
    from journey_run_step
    where workspace_id = ${workspaceId} and subject_id = ${run.subjectId} and run_id = ${run.runId}
    order by step_no limit 1000`.execute(tx)
  const late = await sql<LateArrival>`
    select step_id as "stepId", event, message_id as "messageId", at, missed_at as "missedAt"
    from journey_run_late
    where workspace_id = ${workspaceId} and subject_id = ${run.subjectId} and run_id = ${run.runId}
    order by at, message_id`.execute(tx)
  return { steps: steps.rows, late: late.rows }
}
