import type { RunTraceItem, SimulatedDecision, SimulatedRun } from '@baton/contract'

/** One line of the table of a run that was tried out. */
export type WayRow =
  | { readonly kind: 'step'; readonly at: number; readonly step: Extract<RunTraceItem, { kind: 'step' }> }
  | { readonly kind: 'late'; readonly at: number; readonly late: Extract<RunTraceItem, { kind: 'arrived-late' }> }
  | {
      readonly kind: 'decision'
      readonly at: number
      readonly stepId: string
      readonly decision: SimulatedDecision
    }
  | { readonly kind: 'end'; readonly at: number; readonly state: 'finished' | 'exited'; readonly reason: string }

const ranks: Readonly<Record<WayRow['kind'], number>> = { step: 0, late: 0, decision: 1, end: 2 }

/** Steps, what policy says to their messages, and the end, in one order of time; at one instant what it led to comes after. */
export const wayRowsOf = (run: SimulatedRun): readonly WayRow[] => {
  const path = run.path.map(
    (item): WayRow =>
      item.kind === 'step' ? { kind: 'step', at: item.at, step: item } : { kind: 'late', at: item.at, late: item },
  )
  const decisions = run.messages.flatMap(({ stepId, decisions: made }) =>
    made.map((decision): WayRow => ({ kind: 'decision', at: decision.at, stepId, decision })),
  )
  const end: readonly WayRow[] =
    run.endedAt === null || run.state === 'active'
      ? []
      : [{ kind: 'end', at: run.endedAt, state: run.state, reason: run.reason ?? run.state }]
  return [...path, ...decisions, ...end].toSorted(
    (left, right) => left.at - right.at || ranks[left.kind] - ranks[right.kind],
  )
}

/** How many of a run's messages would be sent, are still held when the look ends, and would not be sent. */
export const messageOutcomes = (
  run: SimulatedRun,
): { readonly sent: number; readonly held: number; readonly dropped: number } => {
  const last = run.messages.map(({ decisions }) => decisions.at(-1)?.outcome)
  const count = (outcome: SimulatedDecision['outcome']) => last.filter((each) => each === outcome).length
  return { sent: count('send'), held: count('hold'), dropped: count('drop') }
}

/** The numbers of the steps she came to, by step: what the boxes show. */
export const walkedSteps = (runs: readonly SimulatedRun[]): ReadonlyMap<string, readonly number[]> => {
  const walked = new Map<string, number[]>()
  for (const run of runs)
    for (const item of run.path)
      if (item.kind === 'step') walked.set(item.stepId, [...(walked.get(item.stepId) ?? []), item.stepNo])
  return walked
}
