import type { JourneyRun, RunSummary, RunTraceItem } from '@baton/contract'
import type { PersonId } from '../kernel/index.ts'
import type { CompiledJourney } from './compiled-journey.ts'
import type { LateArrival, ListedRun, StepPassed } from './run-page-store.ts'

/** A run as its page and its journey's list show it. */
export const toRunSummary = (run: ListedRun, personId: PersonId): RunSummary => ({
  runId: run.runId,
  journeyId: run.journeyId,
  journeyName: run.journeyName,
  version: run.version,
  personId,
  entryKey: run.entryKey === '' ? null : run.entryKey,
  state: run.state,
  reason: run.reason,
  enteredAt: run.enteredAt,
  endedAt: run.endedAt,
  stepId: run.stepId,
  dueAt: run.dueAt,
  arrivedLate: run.late,
})

export const toRunPage = (
  run: ListedRun,
  personId: PersonId,
  journey: CompiledJourney,
  trace: { readonly steps: readonly StepPassed[]; readonly late: readonly LateArrival[] },
): JourneyRun => ({
  ...toRunSummary(run, personId),
  entryEvent: structuredClone(run.entry.properties) as JourneyRun['entryEvent'],
  entryMessageId: run.entry.messageId,
  trace: toTrace(trace.steps, trace.late, journey),
})

/** Steps and late arrivals in one order of time. */
export const toTrace = (
  steps: readonly StepPassed[],
  late: readonly LateArrival[],
  journey: CompiledJourney,
): RunTraceItem[] =>
  [...steps.map((step) => stepItem(step, journey)), ...late.map(lateItem)].toSorted((left, right) => left.at - right.at)

const stepItem = (step: StepPassed, journey: CompiledJourney): RunTraceItem => {
  const bound = journey.steps.get(step.stepId)
  return {
    kind: 'step',
    at: step.enteredAt,
    stepNo: step.stepNo,
    stepId: step.stepId,
    stepKind: bound?.kind ?? 'unknown',
    title: bound?.title ?? step.stepId,
    leftAt: step.leftAt,
    outcome: step.outcome,
    messageId: step.messageId,
  }
}

const lateItem = (late: LateArrival): RunTraceItem => ({
  kind: 'arrived-late',
  at: late.at,
  stepId: late.stepId,
  event: late.event,
  messageId: late.messageId,
  sentence: `"${late.event}" arrived late: ${span(late.at - late.missedAt)} after the wait had ended.`,
})

const units: readonly (readonly [ms: number, one: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
]

/** The largest whole unit: "3 hours"; milliseconds below a second. */
const span = (ms: number): string => {
  const [unitMs, name] = units.find(([size]) => ms >= size) ?? [1, 'millisecond']
  const count = Math.floor(ms / unitMs)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
