import {
  type Instant,
  idOf,
  type JourneyId,
  type PersonId,
  type RunId,
  type SubjectId,
  type WorkspaceId,
} from '../kernel/index.ts'
import { advance, begin, goalsNotedUntil } from './advance.ts'
import { type CompiledJourney, entryKeyFor } from './compiled-journey.ts'
import {
  type Advance,
  type ArrivedEvent,
  dueAtOf,
  isActive,
  type PlannedMessage,
  type Run,
  type TraceItem,
} from './run.ts'

/** A batch of what happened, with all it touches loaded. Plain data: the simulator runs the same. */
export interface TurnFacts {
  readonly workspaceId: WorkspaceId
  readonly now: Instant
  /** Every event received before this is here or was applied; timers due at or before it fire. Null: none may. */
  readonly until: Instant | null
  /** In order of receipt. */
  readonly events: readonly {
    readonly personId: PersonId
    readonly subjectId: SubjectId
    readonly event: ArrivedEvent
  }[]
  /** Entries through a segment. */
  readonly segmentEntries: readonly {
    readonly personId: PersonId
    readonly subjectId: SubjectId
    readonly journey: CompiledJourney
    readonly event: ArrivedEvent
  }[]
  /** Answers to runs that wait for them. */
  readonly answers: ReadonlyMap<RunId, { readonly stepNo: number; readonly holds: ReadonlySet<string> }>
  /** Runs that end now because their journey was stopped. */
  readonly stopped: ReadonlySet<JourneyId>
  /** Runs that end now because they can't go on. */
  readonly failed: ReadonlySet<RunId>
  /** All active runs of the people concerned, and ended ones that still note what arrives late. */
  readonly runs: readonly { readonly personId: PersonId; readonly run: Run }[]
  /** Versions that new people may enter. */
  readonly open: readonly CompiledJourney[]
  /** Of journeys that are entered only once: who was there, as `takenKey`. */
  readonly taken: ReadonlySet<string>
  journeyOf(run: Run): CompiledJourney
}

export interface ChangedRun {
  readonly run: Run
  readonly personId: PersonId
  readonly isNew: boolean
  readonly trace: readonly TraceItem[]
  readonly intents: readonly PlannedMessage[]
  /** An ended run goes on noting its goal until then. */
  readonly goalsNotedUntil: Instant | null
}

export const takenKey = (journeyId: JourneyId, entryKey: string, personId: PersonId): string =>
  `${journeyId} ${personId} ${entryKey}`

interface Held {
  run: Run
  readonly personId: PersonId
  readonly isNew: boolean
  readonly trace: TraceItem[]
  readonly intents: PlannedMessage[]
  changed: boolean
}

/** Applies a batch in order of instant, person by person; gives the runs that changed. */
export const applyTurn = (facts: TurnFacts): readonly ChangedRun[] => {
  const byPerson = new Map<PersonId, Held[]>()
  const taken = new Set(facts.taken)
  const runsOf = (personId: PersonId): Held[] => {
    const found = byPerson.get(personId)
    if (found) return found
    const none: Held[] = []
    byPerson.set(personId, none)
    return none
  }
  const hold = (personId: PersonId, run: Run, isNew: boolean): Held => {
    const held: Held = { run, personId, isNew, trace: [], intents: [], changed: isNew }
    runsOf(personId).push(held)
    return held
  }
  const note = (held: Held, advanced: Advance) => {
    if (advanced.run === held.run) return
    held.run = advanced.run
    held.trace.push(...advanced.trace)
    held.intents.push(...advanced.intents)
    held.changed = true
  }
  const letPass = (held: Held, now: Instant) => {
    const dueAt = dueAtOf(held.run)
    if (dueAt !== null && dueAt <= now) note(held, advance(facts.journeyOf(held.run), held.run, { kind: 'time', now }))
  }
  const endRun = (held: Held, at: Instant, reason: string) =>
    note(held, advance(facts.journeyOf(held.run), held.run, { kind: 'end', at, reason }))

  /** Null: she may not, or is in it already. */
  const enter = (
    journey: CompiledJourney,
    personId: PersonId,
    subjectId: SubjectId,
    entryKey: string,
    event: ArrivedEvent,
    at: Instant,
  ): Held | null => {
    const same = runsOf(personId).filter(({ run }) => run.journeyId === journey.journeyId && run.entryKey === entryKey)
    if (same.some(({ run }) => isActive(run))) return null
    if (journey.definition.entry.reentry === 'never') {
      const key = takenKey(journey.journeyId, entryKey, personId)
      if (taken.has(key)) return null
      taken.add(key)
    }
    // The same entry gives the same run, whoever computes it: a turn done again changes nothing.
    const runId = idOf<RunId>(facts.workspaceId, journey.journeyId, event.messageId, entryKey)
    const begun = begin(journey, { runId, subjectId, entryKey, event, at })
    const held = hold(personId, begun.run, true)
    held.trace.push(...begun.trace)
    held.intents.push(...begun.intents)
    return held
  }

  /**
   * An answer is given as of the instant it was asked for. What she did while it was awaited happens after it, as if it had
   * been there at once: it may find the run at an end, and begin another.
   */
  const answer = (held: Held, holds: ReadonlySet<string>) => {
    const { held: awaited, journeyId, entryKey, subjectId } = held.run
    const version = facts.journeyOf(held.run)
    const answered = advance(version, { ...held.run, held: [] }, { kind: 'answer', holds })
    note(held, answered)
    const concerned = [held]
    const open = facts.open.find((journey) => journey.journeyId === journeyId)
    for (const { subjectId: whose = subjectId, ...event } of awaited) {
      for (const each of concerned) take(each, event, whose)
      if (open === undefined || entryKeyFor(open, event) !== entryKey) continue
      const again = enter(open, held.personId, whose, entryKey, event, event.receivedAt)
      if (again) concerned.push(again)
    }
  }
  const take = (held: Held, event: ArrivedEvent, subjectId: SubjectId) => {
    letPass(held, event.receivedAt)
    note(held, advance(facts.journeyOf(held.run), held.run, { kind: 'event', event: { ...event, subjectId } }))
  }

  for (const { personId, run } of facts.runs) hold(personId, run, false)
  for (const held of [...byPerson.values()].flat())
    if (isActive(held.run) && facts.stopped.has(held.run.journeyId)) endRun(held, facts.now, 'journey-stopped')
  for (const held of [...byPerson.values()].flat())
    if (isActive(held.run) && facts.failed.has(held.run.runId)) endRun(held, facts.now, 'failed')
  for (const runs of byPerson.values()) for (const held of youngerTwins(runs)) endRun(held, facts.now, 'merged')
  for (const held of [...byPerson.values()].flat()) {
    const given = facts.answers.get(held.run.runId)
    if (given && given.stepNo === held.run.stepNo) answer(held, given.holds)
  }
  for (const { personId, subjectId, event } of facts.events) {
    for (const held of [...runsOf(personId)]) take(held, event, subjectId)
    for (const journey of facts.open) {
      const entryKey = entryKeyFor(journey, event)
      if (entryKey !== null) enter(journey, personId, subjectId, entryKey, event, event.receivedAt)
    }
  }
  for (const { personId, subjectId, journey, event } of facts.segmentEntries)
    enter(journey, personId, subjectId, '', event, event.receivedAt)
  if (facts.until !== null) {
    const { until } = facts
    for (const held of [...byPerson.values()].flat()) letPass(held, until)
  }
  return [...byPerson.values()]
    .flat()
    .filter((held) => held.changed)
    .map((held) => ({ ...held, goalsNotedUntil: goalsNotedUntil(facts.journeyOf(held.run), held.run) }))
}

/** After a merge a person may have two active runs with one entry key: the older stays, these end. */
const youngerTwins = (runs: readonly Held[]): readonly Held[] => {
  const oldest = new Set<string>()
  return runs
    .filter(({ run }) => isActive(run))
    .toSorted((left, right) => left.run.enteredAt - right.run.enteredAt || (left.run.runId < right.run.runId ? -1 : 1))
    .filter(({ run }) => {
      const key = `${run.journeyId} ${run.entryKey}`
      const isTwin = oldest.has(key)
      oldest.add(key)
      return isTwin
    })
}
