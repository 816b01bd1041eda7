import { sql } from 'kysely'
import {
  dayMs,
  type Instant,
  type JourneyId,
  must,
  type Position,
  type RunId,
  type SubjectId,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { finishedReason } from './advance.ts'
import type { ChangedRun } from './apply-turn.ts'
import { type ArrivedEvent, dueAtOf, isActive, type Place, type Run } from './run.ts'

/** How long an ended run goes on noting what arrives late. */
const notesLateForMs = 30 * dayMs

interface RunRow {
  readonly runId: RunId
  readonly subjectId: SubjectId
  readonly journeyId: JourneyId
  readonly version: number
  readonly entryKey: string
  readonly enteredAt: Instant
  readonly entry: ArrivedEvent
  readonly state: 'active' | 'finished' | 'exited'
  readonly reason: string | null
  readonly endedAt: Instant | null
  readonly stepId: string | null
  readonly stepNo: number
  readonly stepSince: Instant | null
  readonly dueAt: Instant | null
  readonly askPosition: Position | null
  readonly askKeys: readonly string[] | null
  readonly memory: Pick<Run, 'timedOut' | 'held'> & { readonly goals?: number }
  readonly late: number
}

const placeOf = (row: RunRow): Place => {
  if (row.state !== 'active') {
    const at = must(row.endedAt, 'an ended run has an end')
    return row.state === 'finished'
      ? { kind: 'finished', at }
      : { kind: 'exited', at, reason: must(row.reason, 'an exited run has a reason') }
  }
  return {
    kind: 'at',
    stepId: must(row.stepId, 'an active run is at a step'),
    since: must(row.stepSince, 'an active run is at a step since some time'),
    waits: row.askKeys
      ? { kind: 'answer', ruleKeys: row.askKeys }
      : { kind: 'until', dueAt: must(row.dueAt, 'an active run that asks nothing waits for an instant') },
  }
}

const runOf = (row: RunRow): Run => ({
  runId: row.runId,
  journeyId: row.journeyId,
  version: row.version,
  subjectId: row.subjectId,
  entryKey: row.entryKey,
  entry: row.entry,
  enteredAt: row.enteredAt,
  place: placeOf(row),
  stepNo: row.stepNo,
  timedOut: row.memory.timedOut,
  held: row.memory.held,
  late: row.late,
  goals: row.memory.goals ?? 0,
})

const runColumns = sql`
  run_id as "runId", subject_id as "subjectId", journey_id as "journeyId", version, entry_key as "entryKey",
      entered_at as "enteredAt", entry, state, reason, ended_at as "endedAt", step_id as "stepId", step_no as "stepNo",
      step_since as "stepSince", due_at as "dueAt", ask_position as "askPosition", ask_keys as "askKeys", memory, late`

export interface StoredRun {
  readonly run: Run
  /** The position as of which it asks for membership. */
  readonly askPosition: Position | null
}

/** The runs of these subjects that are active or still note late arrivals or their goal, locked until the transaction ends. */
export const loadRuns = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjectIds: readonly SubjectId[],
  now: Instant,
): Promise<readonly StoredRun[]> => {
  if (subjectIds.length === 0) return []
  const { rows } = await sql<RunRow>`
    select ${runColumns}
    from journey_run
    where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[])
      and (state = 'active' or (notes_late and ended_at > ${now - notesLateForMs}) or notes_goal_until >= ${now})
    order by run_id for update`.execute(tx)
  return rows.map((row) => ({ run: runOf(row), askPosition: row.askPosition }))
}

/** Active runs of one journey, any that come first, locked until the transaction ends. */
export const loadActiveRuns = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
  limit: number,
): Promise<readonly Run[]> => {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from journey_run
    where workspace_id = ${workspaceId} and journey_id = ${journeyId} and state = 'active'
    order by run_id limit ${limit} for update`.execute(tx)
  return rows.map(runOf)
}

/** Active runs of some subjects, locked until the transaction ends. */
export const loadActiveRunsOf = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjectIds: readonly string[],
): Promise<readonly Run[]> => {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from journey_run
    where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[]) and state = 'active'
    order by run_id for update`.execute(tx)
  return rows.map(runOf)
}

/** Takes out all runs of some subjects, with their steps. What was counted of them stays counted. */
export const deleteRuns = async (tx: Tx, workspaceId: WorkspaceId, subjectIds: readonly string[]): Promise<void> => {
  for (const table of ['journey_run_goal', 'journey_run_late', 'journey_run_step', 'journey_run'] as const)
    await sql`
      delete from ${sql.table(table)}
      where workspace_id = ${workspaceId} and subject_id = any(${subjectIds}::uuid[])`.execute(tx)
}

/**
 * Writes what a turn made of its runs: the runs, their steps, what arrived late, the tallies. `askAt` is the position
 * whose membership a run that has begun to ask needs.
 */
export const saveRuns = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  changed: readonly ChangedRun[],
  asks: { at: Position; before: ReadonlyMap<RunId, Position> },
): Promise<void> => {
  if (changed.length === 0) return
  await writeRuns(tx, workspaceId, changed, asks)
  await writeSteps(tx, workspaceId, changed)
  await writeLate(tx, workspaceId, changed)
  await writeGoals(tx, workspaceId, changed)
  await addTallies(tx, workspaceId, talliesOf(changed))
}

const lateLimit = 20

const writeRuns = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  changed: readonly ChangedRun[],
  asks: { at: Position; before: ReadonlyMap<RunId, Position> },
) => {
  const runs = changed.map(({ run }) => run)
  const at = runs.map(({ place }) => (place.kind === 'at' ? place : null))
  const ended = runs.map(({ place }) => (place.kind === 'at' ? null : place))
  const asking = at.map((place) => (place?.waits.kind === 'answer' ? place.waits.ruleKeys : null))
  await sql`
    insert into journey_run (workspace_id, subject_id, run_id, journey_id, version, entry_key, entered_at, entry, state,
      reason, ended_at, step_id, step_no, step_since, due_at, ask_position, ask_keys, memory, notes_late, late,
      notes_goal_until)
    select ${workspaceId}, * from unnest(
      ${runs.map((run) => run.subjectId)}::uuid[], ${runs.map((run) => run.runId)}::uuid[],
      ${runs.map((run) => run.journeyId)}::uuid[], ${runs.map((run) => run.version)}::int[],
      ${runs.map((run) => run.entryKey)}::text[], ${runs.map((run) => run.enteredAt)}::bigint[],
      ${runs.map((run) => JSON.stringify(run.entry))}::jsonb[],
      ${runs.map((run) => (run.place.kind === 'at' ? 'active' : run.place.kind))}::text[],
      ${ended.map((end) => (end === null ? null : end.kind === 'exited' ? end.reason : finishedReason))}::text[],
      ${ended.map((end) => end?.at ?? null)}::bigint[],
      ${at.map((place) => place?.stepId ?? null)}::text[], ${runs.map((run) => run.stepNo)}::int[],
      ${at.map((place) => place?.since ?? null)}::bigint[], ${runs.map(dueAtOf)}::bigint[],
      ${runs.map((run, index) => (asking[index] ? (asks.before.get(run.runId) ?? asks.at) : null))}::bigint[],
      ${asking.map((keys) => (keys ? JSON.stringify(keys) : null))}::jsonb[],
      ${runs.map(({ timedOut, held, goals }) => JSON.stringify({ timedOut, held, goals }))}::jsonb[],
      ${runs.map((run) => !isActive(run) && run.timedOut.length > 0 && run.late < lateLimit)}::bool[],
      ${runs.map((run) => run.late)}::int[], ${changed.map((each) => each.goalsNotedUntil)}::bigint[])
    on conflict (workspace_id, subject_id, run_id) do update set
      state = excluded.state, reason = excluded.reason, ended_at = excluded.ended_at, step_id = excluded.step_id,
      step_no = excluded.step_no, step_since = excluded.step_since, due_at = excluded.due_at,
      ask_position = excluded.ask_position, ask_keys = excluded.ask_keys, memory = excluded.memory,
      notes_late = excluded.notes_late, late = excluded.late, notes_goal_until = excluded.notes_goal_until`.execute(tx)
}

interface StepRow {
  readonly run: Run
  readonly stepNo: number
  readonly stepId: string
  enteredAt: Instant | null
  leftAt: Instant | null
  outcome: string | null
  messageId: string | null
}

/** A step that was entered and left in one turn is one row. */
const stepRowsOf = (changed: readonly ChangedRun[]): readonly StepRow[] =>
  changed.flatMap(({ run, trace }) => {
    const rows = new Map<number, StepRow>()
    for (const item of trace) {
      if (item.kind !== 'entered' && item.kind !== 'left') continue
      const { stepNo, stepId } = item
      const row = rows.get(stepNo) ?? {
        run,
        stepNo,
        stepId,
        enteredAt: null,
        leftAt: null,
        outcome: null,
        messageId: null,
      }
      rows.set(stepNo, row)
      if (item.kind === 'entered') row.enteredAt = item.at
      else Object.assign(row, { leftAt: item.at, outcome: item.outcome, messageId: item.messageId })
    }
    return [...rows.values()]
  })

const writeSteps = async (tx: Tx, workspaceId: WorkspaceId, changed: readonly ChangedRun[]) => {
  const rows = stepRowsOf(changed)
  const entered = rows.filter((row) => row.enteredAt !== null)
  const left = rows.filter((row) => row.enteredAt === null)
  if (entered.length > 0)
    await sql`
      insert into journey_run_step (workspace_id, subject_id, run_id, step_no, step_id, entered_at, left_at, outcome, message_id)
      select ${workspaceId}, * from unnest(
        ${entered.map(({ run }) => run.subjectId)}::uuid[], ${entered.map(({ run }) => run.runId)}::uuid[],
        ${entered.map((row) => row.stepNo)}::int[], ${entered.map((row) => row.stepId)}::text[],
        ${entered.map((row) => row.enteredAt)}::bigint[], ${entered.map((row) => row.leftAt)}::bigint[],
        ${entered.map((row) => row.outcome)}::text[], ${entered.map((row) => row.messageId)}::text[])`.execute(tx)
  if (left.length > 0)
    await sql`
      update journey_run_step s set left_at = l.left_at, outcome = l.outcome, message_id = l.message_id
      from unnest(
        ${left.map(({ run }) => run.subjectId)}::uuid[], ${left.map(({ run }) => run.runId)}::uuid[],
        ${left.map((row) => row.stepNo)}::int[], ${left.map((row) => row.leftAt)}::bigint[],
        ${left.map((row) => row.outcome)}::text[], ${left.map((row) => row.messageId)}::text[])
        l(subject_id, run_id, step_no, left_at, outcome, message_id)
      where s.workspace_id = ${workspaceId} and s.subject_id = l.subject_id and s.run_id = l.run_id
        and s.step_no = l.step_no`.execute(tx)
}

const writeLate = async (tx: Tx, workspaceId: WorkspaceId, changed: readonly ChangedRun[]) => {
  const late = changed.flatMap(({ run, trace }) =>
    trace.flatMap((item) => (item.kind === 'late' ? [{ run, ...item }] : [])),
  )
  if (late.length === 0) return
  await sql`
    insert into journey_run_late (workspace_id, subject_id, run_id, message_id, step_id, event, at, missed_at)
    select ${workspaceId}, * from unnest(
      ${late.map(({ run }) => run.subjectId)}::uuid[], ${late.map(({ run }) => run.runId)}::uuid[],
      ${late.map((each) => each.messageId)}::text[], ${late.map((each) => each.stepId)}::text[],
      ${late.map((each) => each.event)}::text[], ${late.map((each) => each.at)}::bigint[],
      ${late.map((each) => each.missedAt)}::bigint[])
    on conflict do nothing`.execute(tx)
}

const writeGoals = async (tx: Tx, workspaceId: WorkspaceId, changed: readonly ChangedRun[]) => {
  const goals = changed.flatMap(({ run, trace }) =>
    trace.flatMap((item) => (item.kind === 'goal' ? [{ run, ...item }] : [])),
  )
  if (goals.length === 0) return
  await sql`
    insert into journey_run_goal (workspace_id, subject_id, run_id, message_id, journey_id, at, within_ms)
    select ${workspaceId}, * from unnest(
      ${goals.map(({ run }) => run.subjectId)}::uuid[], ${goals.map(({ run }) => run.runId)}::uuid[],
      ${goals.map((each) => each.messageId)}::text[], ${goals.map(({ run }) => run.journeyId)}::uuid[],
      ${goals.map((each) => each.at)}::bigint[], ${goals.map((each) => each.withinMs)}::bigint[])
    on conflict do nothing`.execute(tx)
}

interface Tally {
  readonly journeyId: JourneyId
  readonly version: number
  readonly measure: 'entered' | 'finished' | 'exited' | 'step-entered' | 'step-left'
  readonly item: string
  amount: number
}

const talliesOf = (changed: readonly ChangedRun[]): readonly Tally[] => {
  const tallies = new Map<string, Tally>()
  for (const { run, isNew, trace } of changed) {
    const { journeyId, version } = run
    const add = (measure: Tally['measure'], item: string) => {
      const key = `${journeyId} ${version} ${measure} ${item}`
      const tally = tallies.get(key) ?? { journeyId, version, measure, item, amount: 0 }
      tally.amount += 1
      tallies.set(key, tally)
    }
    if (isNew) add('entered', '')
    for (const each of trace) {
      if (each.kind === 'entered') add('step-entered', each.stepId)
      else if (each.kind === 'left') add('step-left', each.stepId)
      else if (each.kind === 'ended') add(each.state, each.reason)
    }
  }
  return [...tallies.values()]
}

const addTallies = async (tx: Tx, workspaceId: WorkspaceId, tallies: readonly Tally[]) => {
  if (tallies.length === 0) return
  await sql`
    insert into journey_tally (workspace_id, journey_id, version, measure, item, amount)
    select ${workspaceId}, * from unnest(
      ${tallies.map((each) => each.journeyId)}::uuid[], ${tallies.map((each) => each.version)}::int[],
      ${tallies.map((each) => each.measure)}::text[], ${tallies.map((each) => each.item)}::text[],
      ${tallies.map((each) => each.amount)}::bigint[])
    on conflict (workspace_id, journey_id, version, measure, item) do update
      set amount = journey_tally.amount + excluded.amount`.execute(tx)
}
