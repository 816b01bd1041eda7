import { z } from 'zod'
import { propertyFilter, rule } from './rule.ts'

/** A journey: what happens to a person step by step. Steps name their successors by id; `null` ends the run. */
const stepId = z.string().min(1).max(60)
const next = stepId.nullable()
/** What the canvas shows on the box; none: the kind's own title. */
const title = z.string().max(80).optional()

export const delayStep = z.object({ id: stepId, title, kind: z.literal('delay'), forMs: z.int().min(0), next })
/**
 * Waits until the event arrives (for the run's entry key, if `keyPath` is given) or `timeoutMs` after the step began,
 * whichever is first. An event acts at the instant it was received; one received at the deadline itself is late.
 */
export const waitForEventStep = z.object({
  id: stepId,
  title,
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
  title,
  kind: z.literal('branch'),
  /** The first branch that holds: all its filters on the event that started the run, and its rule about the person, if any. */
  branches: z
    .array(
      z.object({
        label: z.string().max(80),
        entry: z.array(propertyFilter).max(10).default([]),
        when: rule.optional(),
        next,
      }),
    )
    .min(1)
    .max(10),
  otherwise: next,
})
export const messageStep = z.object({
  id: stepId,
  title,
  kind: z.literal('message'),
  templateId: z.uuid(),
  channel: z.literal('email'),
  topic: z.string().min(1).max(60),
  next,
})
/**
 * Ends the run. With the reason `finished` she went all the way and messages planned before still go out; with any
 * other she left, and what waits to be sent for this run is dropped.
 */
export const exitStep = z.object({
  id: stepId,
  title,
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
export type JourneyStepKind = JourneyStep['kind']
export const journeyStepKinds: readonly JourneyStepKind[] = journeyStep.options.map(({ shape }) => shape.kind.value)

/** May the same person (and key) enter again after her run ended? */
const reentry = z.enum(['never', 'after-exit']).default('after-exit')

export const eventEntry = z.object({
  kind: z.literal('event'),
  event: z.string().min(1).max(200),
  where: z.array(propertyFilter).max(10).default([]),
  /** One run per value of this property (e.g. `cart_id`), not only per person. */
  keyPath: z.string().max(200).optional(),
  reentry,
})
/** When she enters or leaves a segment by what she did or by the passing of time (never by an edit of its rule). */
export const segmentEntry = z.object({
  kind: z.literal('segment'),
  segmentId: z.uuid(),
  on: z.enum(['enter', 'leave']).default('enter'),
  reentry,
})
export const journeyEntry = z.discriminatedUnion('kind', [eventEntry, segmentEntry])
export type JourneyEntry = z.infer<typeof journeyEntry>

const dayMs = 24 * 3600_000
/**
 * What the journey is for. Reached anywhere in it, the run ends with the reason `goal`; reached within `withinMs` after one
 * of its messages was handed over, also when the run has ended, it is that message's conversion.
 */
export const journeyGoal = z.object({
  event: z.string().min(1).max(200),
  where: z.array(propertyFilter).max(10).default([]),
  /** Property that must equal the run's entry key. */
  keyPath: z.string().max(200).optional(),
  withinMs: z
    .int()
    .positive()
    .max(90 * dayMs)
    .default(7 * dayMs),
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
  /** An answer to one of its messages ends the run with the reason `replied`. */
  exitOnReply: z.boolean().default(true),
  goal: journeyGoal.optional(),
})
export type JourneyDefinition = z.infer<typeof journeyDefinition>
