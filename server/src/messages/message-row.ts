import type { MessageChannel, MessagePhase, MessagePurpose, MessageReason, MessageState } from '@baton/contract'
import type { JsonObject } from '../collect/index.ts'
import type {
  Instant,
  JourneyId,
  MessageId,
  PersonId,
  RunId,
  SubjectId,
  TemplateId,
  WorkspaceId,
} from '../kernel/index.ts'

export const messagesStageName = 'messages'

/** What a journey step, or the hosted form, wants sent. (run, step, instance, channel) is its key: planned twice, it is there once. */
export interface MessageIntent {
  readonly workspaceId: WorkspaceId
  /** Of a journey, or the answer to the form. */
  readonly runId: RunId
  /** Null: no journey planned it. */
  readonly journeyId: JourneyId | null
  readonly version: number | null
  readonly stepId: string
  /** How often this run has come to this step before: 0 the first time. */
  readonly instance: number
  readonly channel: MessageChannel
  readonly templateId: TemplateId
  readonly topic: string
  readonly purpose: MessagePurpose
  readonly phase: MessagePhase
  /** Of the run. */
  readonly subjectId: SubjectId
  readonly personId: PersonId
  readonly plannedAt: Instant
  readonly deadlineAt: Instant
  /** What the run began with: when this installation learnt of it, and when it happened. */
  readonly began: { readonly at: Instant; readonly occurredAt: Instant }
  /** Properties of the event that the run began with. */
  readonly entryEvent: JsonObject
}

export const confirmationStep = 'confirm-address'

/**
 * Does it ask whether the address is hers? Then its way there proves nothing, only her answer does: it carries no pixel, its
 * links lead straight on, and its arrival is not told as a delivery.
 */
export const asksToConfirm = ({ journeyId, stepId }: Pick<MessageRow, 'journeyId' | 'stepId'>): boolean =>
  journeyId === null && stepId === confirmationStep

/** A message as the stage works on it. */
export interface MessageRow {
  readonly messageId: MessageId
  readonly subjectId: SubjectId
  readonly runId: RunId
  readonly journeyId: JourneyId | null
  readonly stepId: string
  readonly channel: MessageChannel
  readonly templateId: TemplateId
  readonly topic: string
  readonly purpose: MessagePurpose
  readonly phase: MessagePhase
  readonly state: MessageState
  readonly reason: MessageReason | null
  readonly deadlineAt: Instant
  readonly entryEvent: JsonObject
  readonly attempts: number
  readonly address: string | null
  readonly title: string | null
  readonly carrier: string | null
}

/**
 * One change of state. It happens only if the message still is in `from`: of two who want to move it, one does.
 *
 * planned, held → rendered → intent → accepted | refused | uncertain; before the intent also dropped, expired,
 * cancelled. An intent that provably did not begin goes back to planned; one that was refused for the moment is held;
 * an uncertain one becomes accepted or refused when whoever handed it over comes back and knows. In a restored copy what
 * waits may be uncertain, too: as long as nobody says that the original never sent it, which plans it again.
 */
export interface Move {
  readonly messageId: MessageId
  readonly from: MessageState
  readonly to: MessageState
  readonly reason: MessageReason | null
  readonly detail: string
  /** When to look at it again; null: never. */
  readonly dueAt: Instant | null
}
