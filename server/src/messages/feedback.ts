import type { Collect, JsonObject } from '../collect/index.ts'
import { askForTurn } from '../jobs/index.ts'
import {
  type Clock,
  crashPoint,
  type Instant,
  inGroups,
  type MessageId,
  type SubjectId,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { People, PersonFacts } from '../people/index.ts'
import type { WorkspaceSource } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { type FeedbackKind, insertFeedback, markTold, readOwedFeedback, readOwedSince } from './feedback-store.ts'
import { type MessageRow, messagesStageName } from './message-row.ts'

/** Names by Segment's e-mail spec where it has one (https://segment.com/docs/connections/spec/email/). */
const eventNames: Record<Exclude<FeedbackKind, 'said'>, string> = {
  sent: 'Email Sent',
  delivered: 'Email Delivered',
  open: 'Email Opened',
  click: 'Email Link Clicked',
  reply: 'Replied',
  bounce: 'Email Bounced',
  complaint: 'Email Marked as Spam',
  unsubscribe: 'Unsubscribed',
  verified: 'Email Verified',
  consented: 'Consent Given',
}
/** The address is good; only this mail did not get there. The name is ours: who asks for `Email Bounced` means the address. */
const softBounce = 'Email Soft Bounced'
const owedAtOnce = 500
/** Domain time after which who reported one has told it, or is no more. */
const tellsWithinMs = 2_000
const movedClockMs = 5_000

export interface Feedback {
  /** `said`: what she said of herself by the form; its properties are traits. */
  readonly kind: FeedbackKind
  /** Where there may be several of a kind: tells them apart, the same for a repeat. */
  readonly suffix?: string
  readonly at: Instant
  readonly properties: JsonObject
}

export type FeedbackMessage = Pick<
  MessageRow,
  | 'messageId'
  | 'subjectId'
  | 'runId'
  | 'journeyId'
  | 'stepId'
  | 'templateId'
  | 'topic'
  | 'purpose'
  | 'phase'
  | 'title'
  | 'channel'
>

/** What comes back about messages becomes events of the log: first a row that owes the event, then the event. */
export interface FeedbackBook {
  record(
    tx: Tx,
    workspaceId: WorkspaceId,
    about: readonly { message: FeedbackMessage; feedback: Feedback; person: PersonFacts | undefined }[],
  ): Promise<void>
  /** Puts owed events into the log; answers how many. Repeating it does no harm: the log removes duplicates by message id. */
  tell(workspaceId: WorkspaceId): Promise<number>
  /** When (domain time) what is owed is to be told, if nobody has by then; null: nothing is owed. */
  owedUntil(workspaceId: WorkspaceId): Promise<Instant | null>
  /**
   * Records one and tells it at once; should this process end in between, the messages stage does. What she stated by it (`stating`: she leaves, she complains) commits with the row
   * that owes its event, so that neither is ever there without the other.
   */
  report(
    workspaceId: WorkspaceId,
    message: FeedbackMessage,
    feedback: Feedback,
    stating?: (tx: Tx) => Promise<void>,
  ): Promise<void>
}

export const createFeedbackBook = (deps: {
  postgres: Postgres
  collect: Pick<Collect, 'appendEvents'>
  people: Pick<People, 'get' | 'personsOf'>
  workspaces: WorkspaceSource
  clock: Clock
}): FeedbackBook => {
  const { postgres, collect, people, workspaces, clock } = deps

  const record: FeedbackBook['record'] = async (tx, workspaceId, about) => {
    for (const [kind, ofKind] of Map.groupBy(about, ({ feedback }) => feedback.kind))
      await insertFeedback(
        tx,
        workspaceId,
        kind,
        ofKind.map(({ message, feedback, person }) => {
          const name = feedback.suffix === undefined ? kind : `${kind}:${feedback.suffix}`
          return {
            messageId: message.messageId,
            feedback: name,
            at: feedback.at,
            event: eventOf(message, feedback, name, person),
          }
        }),
      )
  }

  const tellOwed = async (workspaceId: WorkspaceId): Promise<number> => {
    const owed = await postgres.inWorkspace(workspaceId, (tx) => readOwedFeedback(tx, workspaceId, owedAtOnce))
    if (owed.length === 0) return 0
    const now = await workspaces.domainNow(workspaceId)
    // Where the workspace's clock was moved (sample history) the events were received by that clock.
    const receivedAt = Math.abs(now - clock.now()) > movedClockMs ? { receivedAt: now } : {}
    await collect.appendEvents(
      workspaceId,
      'live',
      owed.map(({ event }) => event),
      { source: 'baton', internal: true, ...receivedAt },
    )
    crashPoint('messages.feedback-appended')
    await postgres.inWorkspace(workspaceId, (tx) => markTold(tx, workspaceId, owed))
    return owed.length
  }
  /** Many at once would each put into the log what all of them owe. Who comes while some is being told is told of next. */
  const tellTogether = inGroups(Number.POSITIVE_INFINITY, tellOwed)
  const tell: FeedbackBook['tell'] = (workspaceId) => tellTogether(workspaceId, undefined)

  return {
    record,
    tell,
    owedUntil: async (workspaceId) => {
      const since = await postgres.inWorkspace(workspaceId, (tx) => readOwedSince(tx, workspaceId))
      return since === null ? null : since + tellsWithinMs
    },
    report: async (workspaceId, message, feedback, stating) => {
      const personId = (await people.personsOf(workspaceId, [message.subjectId])).get(message.subjectId)
      const person = personId && (await people.get(workspaceId, [personId])).get(personId)
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await stating?.(tx)
        await record(tx, workspaceId, [{ message, feedback, person: person || undefined }])
        await askForTurn(tx, workspaceId, messagesStageName, feedback.at + tellsWithinMs)
      })
      crashPoint('messages.feedback-owed')
      await tell(workspaceId)
    },
  }
}

const eventOf = (
  message: FeedbackMessage,
  feedback: Feedback,
  name: string,
  person: PersonFacts | undefined,
): JsonObject => ({
  ...(feedback.kind === 'said'
    ? { type: 'identify', traits: feedback.properties }
    : {
        type: 'track',
        event: isSoftBounce(feedback) ? softBounce : eventNames[feedback.kind],
        properties: propertiesOf(message, feedback),
      }),
  messageId: feedbackMessageId(message.messageId, name),
  ...identityOf(person, message.subjectId),
  timestamp: new Date(feedback.at).toISOString(),
  context: { source: 'baton' },
})

const propertiesOf = (message: FeedbackMessage, feedback: Feedback): JsonObject => ({
  message_id: message.messageId,
  journey_id: message.journeyId,
  journey_run_id: message.runId,
  step_id: message.stepId,
  template_id: message.templateId,
  channel: message.channel,
  topic: message.topic,
  purpose: message.purpose,
  phase: message.phase,
  ...(message.title === null ? {} : { subject: message.title }),
  ...feedback.properties,
})

const isSoftBounce = ({ kind, properties }: Feedback): boolean => kind === 'bounce' && properties.bounce_type === 'soft'

export const feedbackMessageId = (messageId: MessageId, feedback: string): string =>
  `baton-message:${messageId}:${feedback}`

/** The subject it was to says whose it is; an identifier of hers, where one is known, is for who reads the event. */
const identityOf = (person: PersonFacts | undefined, subjectId: SubjectId): JsonObject => {
  const user = person?.identifiers.find(({ kind }) => kind === 'userId')
  if (user) return { subjectId, userId: user.value }
  const anonymous = person?.identifiers.find(({ kind }) => kind === 'anonymousId')
  return { subjectId, ...(anonymous ? { anonymousId: anonymous.value } : {}) }
}
