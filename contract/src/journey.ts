import { z } from 'zod'
import { propertyFilter, rule } from './rule.ts'

/** A journey: what happens to a person step by step. Steps name their successors by id; `null` ends the run. */
const stepId = z.string().min(1).max(60)
const next = stepId.nullable()

export const delayStep = z.object({ id: stepId, kind: z.literal('delay'), forMs: z.int().min(0), next })
/** Waits until the event arrives (for the same key, if `sameKey`) or `timeoutMs` after the step began, whichever is first. */
export const waitForEventStep = z.object({
  id: stepId,
  kind: z.literal('wait-for-event'),
  event: z.string().min(1).max(200),
  /** Property of the awaited event that must equal the run's entry key. */
  keyPath: z.string().max(200).optional(),
  where: z.array(propertyFilter).max(10).default([]),
  timeoutMs: z.int().positive(),
  onEvent: next,
  onTimeout: next,
})
export const branchStep = z.object({
  id: stepId,
  kind: z.literal('branch'),
  /** First branch whose rule holds; a rule with only entry-event conditions uses `entry`. */
  branches: z
    .array(z.object({ label: z.string().max(80), when: rule, next }))
    .min(1)
    .max(10),
  otherwise: next,
})
export const messageStep = z.object({
  id: stepId,
  kind: z.literal('message'),
  templateId: z.uuid(),
  channel: z.literal('email'),
  topic: z.string().min(1).max(60),
  next,
})
export const exitStep = z.object({
  id: stepId,
  kind: z.literal('exit'),
  reason: z.string().max(80).default('finished'),
})
export const journeyStep = z.discriminatedUnion('kind', [
  delayStep,
  waitForEventStep,
  branchStep,
  messageStep,
  exitStep,
])
export type JourneyStep = z.infer<typeof journeyStep>

export const journeyEntry = z.object({
  kind: z.literal('event'),
  event: z.string().min(1).max(200),
  where: z.array(propertyFilter).max(10).default([]),
  /** One run per value of this property (e.g. `cart_id`), not only per person. */
  keyPath: z.string().max(200).optional(),
  /** May the same person (and key) enter again after her run ended? */
  reentry: z.enum(['never', 'after-exit']).default('after-exit'),
})

export const journeyDefinition = z.object({
  entry: journeyEntry,
  start: stepId,
  steps: z.array(journeyStep).min(1).max(200),
  /** Life-cycle phase whose owner answers for it; sets priority and guideline. */
  phase: z.enum(['contact', 'consideration', 'purchase', 'post-purchase', 'loyalty']),
  /** What its messages are for: selling is held back from people with an open issue or in a no-push state. */
  purpose: z.enum(['sell', 'inform', 'coach', 'serve']).default('inform'),
  /** Drop a message that could not be handed over this long after its step came. */
  messageDeadlineMs: z
    .int()
    .positive()
    .default(24 * 3600_000),
  exitOnReply: z.boolean().default(true),
})
export type JourneyDefinition = z.infer<typeof journeyDefinition>
