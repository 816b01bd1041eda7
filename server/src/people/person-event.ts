import type { EventType, JsonObject } from '../collect/index.ts'
import type { Lane } from '../jobs/index.ts'
import type { Instant, PersonId, Position, SubjectId, WorkspaceId } from '../kernel/index.ts'

/** An accepted event with whose it is: what every stage after `people` works on. */
export interface PersonEvent {
  readonly messageId: string
  readonly type: EventType
  /** The event's name; `Page Viewed`, `Screen Viewed`, `Identify`, `Group` or `Alias` for those calls. */
  readonly name: string
  readonly subjectId: SubjectId
  /** Skew-corrected time of the act, never after `receivedAt`. */
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  /** By import, replay or more than 24 h late: changes people and figures, sets nothing off. */
  readonly historic: boolean
  /** As sent. What rules see of them is `flattenProperties`. */
  readonly properties: JsonObject
  readonly context: JsonObject
}

/** One log batch after the people stage. */
export interface PeopleBatch {
  readonly workspaceId: WorkspaceId
  readonly lane: Lane
  readonly position: Position
  /** Latest receipt of its events (of the log batch where it has none). */
  readonly receivedAt: Instant
  readonly events: readonly PersonEvent[]
  /** Whose each event was when the batch was handled, by its subject. (Who was merged since is among the reshaped of a later batch.) */
  readonly personOf: ReadonlyMap<SubjectId, PersonId>
  /** Everybody whose events, traits, orders or subjects this batch changed. */
  readonly changedPersons: readonly PersonId[]
  /** Those of them whose traits, identifiers or subjects changed (a superset after a restart). */
  readonly reshapedPersons: readonly PersonId[]
  /** Orders this batch changed. */
  readonly orderIds: readonly string[]
}

/** When a batch was received: when its last event was, which a moved clock may put far from when the log was written. */
export const receiptOf = (events: readonly PersonEvent[], logged: Instant): Instant =>
  events.length === 0 ? logged : events.reduce((latest, event) => Math.max(latest, event.receivedAt), 0)

/** Reads what the people stage has accepted, in order of position. Recent batches come from memory, older from the log. */
export interface PeopleFeed {
  /** Whole batches after `position`, until `maxEvents` is reached (at least one batch when there is one). */
  after(workspaceId: WorkspaceId, lane: Lane, position: Position, maxEvents: number): Promise<readonly PeopleBatch[]>
}
