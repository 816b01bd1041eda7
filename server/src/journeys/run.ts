import type { JsonObject } from '../collect/index.ts'
import type { Instant, JourneyId, Milliseconds, RunId, SubjectId } from '../kernel/index.ts'

/** An event as a journey sees it: it acts at `receivedAt`. */
export interface ArrivedEvent {
  readonly messageId: string
  readonly name: string
  readonly receivedAt: Instant
  readonly occurredAt: Instant
  readonly properties: JsonObject
}

/** What happened while a run waited for an answer, and whose it is, which need not be the subject of the run. */
export type HeldEvent = ArrivedEvent & { readonly subjectId?: SubjectId }

/**
 * Where a run is. It begins `at` its first step. At a step it waits `until` an instant (and perhaps for an event), or
 * for the `answer` of membership rules. It ends `finished`, at the end of a path, or `exited` with the reason why she
 * left. An end is for ever.
 */
export type Place =
  | {
      readonly kind: 'at'
      readonly stepId: string
      readonly since: Instant
      readonly waits:
        | { readonly kind: 'until'; readonly dueAt: Instant }
        | { readonly kind: 'answer'; readonly ruleKeys: readonly string[] }
    }
  | { readonly kind: 'finished'; readonly at: Instant }
  | { readonly kind: 'exited'; readonly at: Instant; readonly reason: string }

/** One person's way through one version of a journey, begun by one entry. It belongs to a subject. */
export interface Run {
  readonly runId: RunId
  readonly journeyId: JourneyId
  readonly version: number
  readonly subjectId: SubjectId
  /** Value of the entry's key property; empty when the journey has none. */
  readonly entryKey: string
  readonly entry: ArrivedEvent
  readonly enteredAt: Instant
  readonly place: Place
  /** How many steps were entered; the number of the present one. */
  readonly stepNo: number
  /** Waits that timed out, and when: their event, if it still comes, arrived late. */
  readonly timedOut: readonly { readonly stepId: string; readonly at: Instant }[]
  /** What arrived while the run waited for an answer; applied in order after it. */
  readonly held: readonly HeldEvent[]
  /** How many awaited events arrived late. */
  readonly late: number
  /** How often she did what the journey is for, as far as it is noted. */
  readonly goals: number
}

/** A message a step wants sent; what it is for stands in the journey. */
export interface PlannedMessage {
  readonly stepId: string
  /** The run's step number: a step that comes again plans another message. */
  readonly instance: number
  readonly channel: 'email'
  readonly templateId: string
  readonly topic: string
  readonly plannedAt: Instant
  readonly deadlineAt: Instant
}

/** What happened to a run, in order; what the run's page shows. */
export type TraceItem =
  | { readonly kind: 'entered'; readonly stepNo: number; readonly stepId: string; readonly at: Instant }
  | {
      readonly kind: 'left'
      readonly stepNo: number
      readonly stepId: string
      readonly at: Instant
      readonly outcome: string
      /** The event that ended the step, if one did. */
      readonly messageId: string | null
    }
  | {
      readonly kind: 'late'
      readonly stepId: string
      readonly at: Instant
      /** When the wait had ended. */
      readonly missedAt: Instant
      readonly event: string
      readonly messageId: string
    }
  | { readonly kind: 'goal'; readonly at: Instant; readonly withinMs: Milliseconds; readonly messageId: string }
  | { readonly kind: 'ended'; readonly at: Instant; readonly state: 'finished' | 'exited'; readonly reason: string }

export interface Advance {
  readonly run: Run
  readonly intents: readonly PlannedMessage[]
  readonly trace: readonly TraceItem[]
}

/** When the run has something to do although nothing arrives. */
export const dueAtOf = (run: Run): Instant | null =>
  run.place.kind === 'at' && run.place.waits.kind === 'until' ? run.place.waits.dueAt : null

export const isActive = (run: Run): boolean => run.place.kind === 'at'
