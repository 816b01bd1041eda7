import { z } from 'zod'
import { instant, jsonObject, pageQuery } from './common.ts'
import { messageChannel, messagePhase, messagePurpose, messageReason } from './policy.ts'

/** Messages: the send ledger. Every planned message is in exactly one state, and every change of it is kept. */
export const messageState = z.enum([
  'planned',
  'held',
  'rendered',
  'intent',
  'accepted',
  'refused',
  'uncertain',
  'dropped',
  'expired',
  'cancelled',
])
export type MessageState = z.infer<typeof messageState>

export const messageSummary = z.object({
  messageId: z.uuid(),
  /** Who it is for now (after merges). */
  personId: z.uuid(),
  /** Null: no journey planned it (the hosted form did). */
  journeyId: z.uuid().nullable(),
  /** Of a journey, or the answer to the form. */
  runId: z.uuid(),
  stepId: z.string(),
  templateId: z.uuid(),
  channel: messageChannel,
  topic: z.string(),
  purpose: messagePurpose,
  phase: messagePhase,
  state: messageState,
  reason: messageReason.nullable(),
  heldUntil: instant.nullable(),
  to: z.string().nullable(),
  subject: z.string().nullable(),
  plannedAt: instant,
  deadlineAt: instant,
  changedAt: instant,
  handedOverAt: instant.nullable(),
  openedAt: instant.nullable(),
  clickedAt: instant.nullable(),
  repliedAt: instant.nullable(),
  bouncedAt: instant.nullable(),
})
export type MessageSummary = z.infer<typeof messageSummary>

/** One line of the decision ledger. */
export const messageDecision = z.object({
  at: instant,
  outcome: z.enum(['send', 'hold', 'drop']),
  /** The rule that decided; `all-passed` when none objected. */
  rule: z.string(),
  reason: messageReason.nullable(),
  until: instant.nullable(),
  /** What the rule looked at. */
  inputs: jsonObject,
  /** For staff. */
  sentence: z.string(),
  /** The same in plain words for the customer. */
  customerSentence: z.string(),
})
export type MessageDecision = z.infer<typeof messageDecision>

export const messageTransition = z.object({
  at: instant,
  from: messageState.nullable(),
  to: messageState,
  reason: messageReason.nullable(),
  detail: z.string(),
})
export type MessageTransition = z.infer<typeof messageTransition>

export const messageDetail = messageSummary.extend({
  decisions: z.array(messageDecision),
  transitions: z.array(messageTransition),
  tracking: z.array(
    z.object({
      at: instant,
      kind: z.enum(['open', 'click', 'reply', 'bounce', 'complaint', 'unsubscribe', 'verified', 'consented']),
      detail: z.string(),
    }),
  ),
  /** Null before it is rendered. Show in an `<iframe sandbox>` without scripts. */
  html: z.string().nullable(),
  text: z.string().nullable(),
})
export type MessageDetail = z.infer<typeof messageDetail>

export const messageQuery = pageQuery.extend({
  state: messageState.optional(),
  reason: messageReason.optional(),
  journeyId: z.uuid().optional(),
  personId: z.uuid().optional(),
  /** Only those whose state changed at or after it; with `reason`: those that it held or stopped since. */
  from: z.coerce.number().int().optional(),
})
export type MessageQuery = z.infer<typeof messageQuery>

/** planned = accepted + refused + uncertain + dropped + expired + cancelled + onTheirWay, always. */
export const messageBalance = z.object({
  planned: z.int(),
  accepted: z.int(),
  refused: z.int(),
  uncertain: z.int(),
  dropped: z.int(),
  expired: z.int(),
  cancelled: z.int(),
  onTheirWay: z.int(),
  droppedByReason: z.record(z.string(), z.int()),
  balanced: z.boolean(),
})
export type MessageBalance = z.infer<typeof messageBalance>

export const messageReasonsQuery = z.object({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
})
export const messageReasonCount = z.object({ state: messageState, reason: messageReason, count: z.int() })
export type MessageReasonCount = z.infer<typeof messageReasonCount>
