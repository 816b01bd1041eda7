import type { Instant, PersonId, RunId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import { applyTurn, type TurnFacts, takenKey } from './apply-turn.ts'
import type { CompiledJourney } from './compiled-journey.ts'
import { replyEvent, replyRunProperty } from './compiled-journey.ts'
import type { ArrivedEvent } from './run.ts'
import { dueAtOf, type PlannedMessage, type Run, type TraceItem } from './run.ts'

/** So many turns of one person are a journey that goes round and round: the look ends there. */
const mostTurns = 500

/** One person, what starts her journey, and what she does later; the rules about her can be asked at any instant. */
export interface SimulatedFacts {
  readonly workspaceId: WorkspaceId
  readonly journey: CompiledJourney
  readonly personId: PersonId
  readonly subjectId: SubjectId
  readonly entry: ArrivedEvent
  /** In order of receipt, none before the entry. */
  readonly later: readonly ArrivedEvent[]
  readonly until: Instant
  holdAt(now: Instant): ReadonlySet<string>
}

export interface WalkedRun {
  readonly run: Run
  readonly trace: readonly TraceItem[]
  readonly intents: readonly PlannedMessage[]
}

export interface Simulated {
  readonly runs: readonly WalkedRun[]
  /** It was still going when the look ended. */
  readonly cut: boolean
}

/**
 * Walks one person through a journey turn by turn, exactly as the stage does with a batch: `applyTurn` decides. Between
 * two events every timer that is due fires by itself, and an answer about her is given at the instant it is asked for.
 */
export const simulate = (facts: SimulatedFacts): Simulated => {
  const { personId, subjectId, journey } = facts
  const walked = new Map<RunId, WalkedRun>()
  let turns = 0

  const turn = (part: Partial<TurnFacts>) => {
    turns += 1
    const changed = applyTurn({
      workspaceId: facts.workspaceId,
      now: facts.until,
      until: null,
      events: [],
      segmentEntries: [],
      answers: new Map(),
      stopped: new Set(),
      failed: new Set(),
      runs: [...walked.values()].map(({ run }) => ({ personId, run })),
      open: [journey],
      taken: new Set([...walked.values()].map(({ run }) => takenKey(run.journeyId, run.entryKey, personId))),
      journeyOf: () => journey,
      ...part,
    })
    for (const { run, trace, intents } of changed) {
      const before = walked.get(run.runId)
      walked.set(run.runId, {
        run,
        trace: [...(before?.trace ?? []), ...trace],
        intents: [...(before?.intents ?? []), ...intents],
      })
    }
  }
  const answerAll = () => {
    for (;;) {
      const asking = [...walked.values()].flatMap(({ run }) =>
        run.place.kind === 'at' && run.place.waits.kind === 'answer' ? [{ run, since: run.place.since }] : [],
      )
      if (asking.length === 0 || turns >= mostTurns) return
      const answers = asking.map(
        ({ run, since }) => [run.runId, { stepNo: run.stepNo, holds: facts.holdAt(since) }] as const,
      )
      turn({ answers: new Map(answers) })
    }
  }
  const letPass = (until: Instant) => {
    for (;;) {
      const dues = [...walked.values()].flatMap(({ run }) => dueAtOf(run) ?? [])
      const next = dues.length === 0 ? null : Math.min(...dues)
      if (next === null || next > until || turns >= mostTurns) return
      turn({ until: next })
      answerAll()
    }
  }

  if (journey.definition.entry.kind === 'segment')
    turn({ segmentEntries: [{ personId, subjectId, journey, event: facts.entry }] })
  else turn({ events: [{ personId, subjectId, event: facts.entry }] })
  answerAll()
  for (const event of facts.later) {
    letPass(event.receivedAt)
    turn({ events: [{ personId, subjectId, event: answering(event, [...walked.keys()][0]) }] })
    answerAll()
  }
  letPass(facts.until)
  return { runs: [...walked.values()], cut: turns >= mostTurns }
}

/** A reply that does not say to which run it belongs answers the first one. */
const answering = (event: ArrivedEvent, runId: RunId | undefined): ArrivedEvent =>
  event.name !== replyEvent || runId === undefined || Object.hasOwn(event.properties, replyRunProperty)
    ? event
    : { ...event, properties: { ...event.properties, [replyRunProperty]: runId } }
