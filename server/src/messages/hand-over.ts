import type { Carrier, HandOver } from '../channels/index.ts'
import type { Turn } from '../jobs/index.ts'
import { crashPoint, type Instant, type MessageId, minuteMs, type PersonId } from '../kernel/index.ts'
import type { PersonFacts } from '../people/index.ts'
import type { Policy, WorkspaceSource } from '../policy/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { composeMessage } from './compose-message.ts'
import type { Feedback, FeedbackBook } from './feedback.ts'
import { beginHandOvers, countAttempts, lockBegun, markHandedOver } from './intent-store.ts'
import { moveMessages } from './ledger-store.ts'
import type { Links } from './links.ts'
import { asksToConfirm, type MessageRow, type Move } from './message-row.ts'
import { atPresent } from './turn-at-present.ts'

/** An intent of this worker, committed, not yet begun. */
export interface Intent {
  readonly message: MessageRow
  readonly personId: PersonId | null
  readonly person: PersonFacts | undefined
  readonly content: { readonly html: string; readonly text: string }
  /** Machine time. */
  readonly committedAt: Instant
}

export interface HandOverDeps {
  readonly postgres: Postgres
  readonly policy: Pick<Policy, 'forgetContacts' | 'suppress'>
  readonly feedback: Pick<FeedbackBook, 'record'>
  readonly links: Links
  readonly workspaces: Pick<WorkspaceSource, 'domainNow'>
  readonly clock: { now(): Instant }
}

/** An intent older than this is decided again instead of begun: what it was decided on may have changed. */
export const freshMs = 10_000
/** What was refused for the moment is tried again until its deadline: an outage of hours loses no mail that may wait a day. */
const longestPauseMs = 30 * minuteMs
const pauseMs = (attempts: number): number => Math.min(longestPauseMs, minuteMs * 2 ** Math.min(attempts, 10))

/**
 * Hands intents over, as many at once as the channel takes. Before the first byte of a group its rows are flagged, so
 * that after a crash it is known which may have begun. An outcome is written only by who began.
 */
export const handOverIntents = async (
  deps: HandOverDeps,
  turn: Turn,
  carrier: Carrier,
  intents: readonly Intent[],
): Promise<void> => {
  for (let at = 0; at < intents.length; at += carrier.concurrency) {
    const group = intents.slice(at, at + carrier.concurrency)
    const isStale = group.some(({ committedAt }) => deps.clock.now() - committedAt > freshMs)
    if (isStale || turn.signal.aborted) {
      await giveBack(deps, await atPresent(deps, turn), intents.slice(at))
      return
    }
    await handOverGroup(deps, await atPresent(deps, turn), carrier, group)
  }
}

/** Not begun: back to be decided again. */
const giveBack = ({ postgres, policy }: HandOverDeps, { workspaceId, now }: Turn, intents: readonly Intent[]) =>
  postgres.inWorkspace(workspaceId, async (tx) => {
    const moved = await moveMessages(
      tx,
      workspaceId,
      intents.map(({ message }) => backToPlanned(message.messageId, now)),
      now,
    )
    const back = intents.filter(({ message }) => moved.has(message.messageId))
    await policy.forgetContacts(
      tx,
      workspaceId,
      back.map(({ message }) => ({ ...message, contactId: message.messageId })),
    )
  })

export const backToPlanned = (messageId: MessageId, now: Instant): Move => ({
  messageId,
  from: 'intent',
  to: 'planned',
  reason: null,
  detail: 'The hand-over had not begun; decided again',
  dueAt: now,
})

const handOverGroup = async (
  deps: HandOverDeps,
  turn: Turn,
  carrier: Carrier,
  group: readonly Intent[],
): Promise<void> => {
  const { workspaceId, now, lease } = turn
  const mails = await Promise.all(
    group.map(async (intent) => {
      const name = typeof intent.person?.traits.name === 'string' ? intent.person.traits.name.slice(0, 120) : ''
      const to = { personId: intent.personId, name }
      const mail = await composeMessage(
        deps.links,
        carrier,
        workspaceId,
        intent.message,
        to,
        intent.content,
        now,
      ).catch(asError)
      return { intent, mail }
    }),
  )
  const ids = group.map(({ message }) => message.messageId)
  const ours = await deps.postgres.inWorkspace(workspaceId, (tx) => beginHandOvers(tx, workspaceId, ids, lease.token))
  const outcomes = await Promise.all(
    mails
      .filter(({ intent }) => ours.has(intent.message.messageId))
      .map(async ({ intent, mail }) => {
        if (mail instanceof Error) return { intent, outcome: notComposed(mail) }
        // A worker that was stopped between flag and first byte must not send what was decided long ago.
        if (deps.clock.now() - intent.committedAt > freshMs) return { intent, outcome: tooLate }
        return { intent, outcome: await carrier.handOver(mail, turn.signal).catch(broken) }
      }),
  )
  crashPoint('messages.handed-over')
  const present = await atPresent(deps, turn)
  await deps.postgres.inWorkspace(workspaceId, (tx) => writeOutcomes(deps, tx, present, carrier, outcomes))
  for (const { intent, outcome } of outcomes)
    if (outcome.kind === 'refused' && outcome.badAddress) await suppressAddress(deps, present, intent, outcome.detail)
}

/** On its own: her lock comes before those of messages. Cut off here, the next message is refused and does it. */
const suppressAddress = (deps: HandOverDeps, { workspaceId, now }: Turn, { message }: Intent, detail: string) =>
  deps.postgres.inWorkspace(workspaceId, (tx) =>
    deps.policy.suppress(tx, workspaceId, message.subjectId, {
      reason: 'bounced',
      address: message.address,
      detail,
      at: now,
    }),
  )

interface Outcome {
  readonly intent: Intent
  readonly outcome: HandOver
}

const writeOutcomes = async (
  deps: HandOverDeps,
  tx: Tx,
  turn: Turn,
  carrier: Carrier,
  outcomes: readonly Outcome[],
) => {
  const { workspaceId, now, lease } = turn
  const begun = await lockBegun(
    tx,
    workspaceId,
    outcomes.map(({ intent }) => intent.message.messageId),
    lease.token,
  )
  const moves = outcomes.flatMap(({ intent, outcome }) => {
    const row = begun.get(intent.message.messageId)
    const move = row && moveOf(row, outcome, now)
    return move ? [{ intent, outcome, move }] : []
  })
  const moved = await moveMessages(
    tx,
    workspaceId,
    moves.map(({ move }) => move),
    now,
  )
  const done = moves.filter(({ move }) => moved.has(move.messageId))
  const accepted = done.filter(({ outcome }) => outcome.kind === 'accepted')
  const refused = done.filter(({ outcome }) => outcome.kind === 'refused')
  await markHandedOver(
    tx,
    workspaceId,
    accepted.map(({ move }) => move.messageId),
    now,
  )
  await countAttempts(
    tx,
    workspaceId,
    refused.map(({ move }) => move.messageId),
  )
  await deps.policy.forgetContacts(
    tx,
    workspaceId,
    refused.map(({ intent: { message } }) => ({ ...message, contactId: message.messageId })),
  )
  await deps.feedback.record(
    tx,
    workspaceId,
    done.flatMap(({ intent: { message, person }, outcome }) =>
      feedbackOf(outcome, carrier, message, now).map((feedback) => ({ message, person, feedback })),
    ),
  )
}

const moveOf = (
  row: Pick<MessageRow, 'messageId' | 'state' | 'attempts' | 'deadlineAt'>,
  outcome: HandOver,
  now: Instant,
): Move | null => {
  const { messageId, state: from } = row
  const { detail } = outcome
  switch (outcome.kind) {
    case 'accepted':
      return { messageId, from, to: 'accepted', reason: null, detail, dueAt: null }
    case 'uncertain':
      return from === 'uncertain'
        ? null
        : { messageId, from, to: 'uncertain', reason: 'connection-lost', detail, dueAt: null }
    case 'refused':
      return outcome.again && from === 'intent'
        ? { messageId, from, to: 'held', reason: 'channel-refused', detail, dueAt: nextTryAt(row, now) }
        : { messageId, from, to: 'refused', reason: 'channel-refused', detail, dueAt: null }
  }
}

const nextTryAt = ({ attempts, deadlineAt }: Pick<MessageRow, 'attempts' | 'deadlineAt'>, now: Instant): Instant =>
  Math.max(now, Math.min(now + pauseMs(attempts), deadlineAt))

const feedbackOf = (outcome: HandOver, carrier: Carrier, message: MessageRow, at: Instant): readonly Feedback[] => {
  const sent = { kind: 'sent', at, properties: { carrier: carrier.key } } as const
  if (outcome.kind === 'accepted')
    return carrier.provesArrival && !asksToConfirm(message) ? [sent, { kind: 'delivered', at, properties: {} }] : [sent]
  if (outcome.kind === 'refused' && outcome.badAddress)
    return [
      { kind: 'bounce', at, properties: { bounce_type: 'hard', email: message.address ?? '', detail: outcome.detail } },
    ]
  return []
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
const notComposed = (error: Error): HandOver => ({
  kind: 'refused',
  again: false,
  badAddress: false,
  detail: error.message,
})
const tooLate: HandOver = {
  kind: 'refused',
  again: true,
  badAddress: false,
  detail: 'Its worker was stopped too long before it began',
}
/** A channel answers outcomes as values; what it throws says nothing about how far the message got. */
const broken = (error: unknown): HandOver => ({
  kind: 'uncertain',
  detail: `The channel failed: ${asError(error).message}`,
})

export const uncertainAfterCrash = (messageId: MessageId): Move => ({
  messageId,
  from: 'intent',
  to: 'uncertain',
  reason: 'worker-lost',
  detail: 'Its worker was lost in the middle of the hand-over; the other side may have it',
  dueAt: null,
})
