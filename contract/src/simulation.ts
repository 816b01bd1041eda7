import { z } from 'zod'
import { instant, jsonObject, uuid } from './common.ts'
import { runState, runTraceItem } from './journeys.ts'
import { messageChannel, messagePurpose, messageReason } from './policy.ts'

/** Trying a journey out on one person at a time of one's own choosing. Nothing is written and nothing is sent. */

const dayMs = 24 * 3600_000

/** A real person with what is known of her today, or one made up. */
export const simulatedPerson = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('real'), personId: uuid }),
  z.object({
    kind: z.literal('made'),
    traits: jsonObject.default({}),
    /** What she agreed to. */
    consents: z.array(messagePurpose).max(10).default([]),
  }),
])
export type SimulatedPerson = z.infer<typeof simulatedPerson>

export const simulationRequest = z.object({
  /** A published version; none: the draft. */
  version: z.int().min(1).optional(),
  person: simulatedPerson,
  /** Properties of the event that starts it; of no use where a segment does. */
  entry: jsonObject.default({}),
  /** When she enters, past or future; none: now. */
  startAt: instant.optional(),
  /** How long to look on. */
  lastsMs: z
    .int()
    .positive()
    .max(366 * dayMs)
    .default(90 * dayMs),
  /** What she does later, by the time after she entered. A `Replied` without `journey_run_id` answers this journey. */
  events: z
    .array(
      z.object({
        name: z.string().min(1).max(200),
        afterMs: z
          .int()
          .min(0)
          .max(366 * dayMs),
        properties: jsonObject.default({}),
      }),
    )
    .max(50)
    .default([]),
})
export type SimulationRequest = z.infer<typeof simulationRequest>

/** One look of policy at one message; a hold is looked at again when it ends. */
export const simulatedDecision = z.object({
  at: instant,
  outcome: z.enum(['send', 'hold', 'drop']),
  rule: z.string(),
  reason: messageReason.nullable(),
  until: instant.nullable(),
  sentence: z.string(),
})
export type SimulatedDecision = z.infer<typeof simulatedDecision>

export const simulatedMessage = z.object({
  /** The step of the path that planned it. */
  stepNo: z.int(),
  stepId: z.string(),
  channel: messageChannel,
  templateId: uuid,
  topic: z.string(),
  plannedAt: instant,
  /** In order; the last one stands. */
  decisions: z.array(simulatedDecision).min(1),
})
export type SimulatedMessage = z.infer<typeof simulatedMessage>

export const simulatedRun = z.object({
  entryKey: z.string().nullable(),
  state: runState,
  /** Why it ended: `finished`, or the reason she left. */
  reason: z.string().nullable(),
  enteredAt: instant,
  endedAt: instant.nullable(),
  /** Where she is when the look ends; null after the end. */
  stepId: z.string().nullable(),
  /** When that step ends if nothing comes. */
  dueAt: instant.nullable(),
  path: z.array(runTraceItem),
  messages: z.array(simulatedMessage),
})
export type SimulatedRun = z.infer<typeof simulatedRun>

export const journeySimulation = z.object({
  /** Null: the draft. */
  version: z.int().nullable(),
  startAt: instant,
  until: instant,
  /** Why nobody enters by this event: a filter keeps it out, or it lacks the key. Null: she enters. */
  keptOut: z.enum(['filter', 'no-key']).nullable(),
  /** More than one where a later event starts another run. */
  runs: z.array(simulatedRun),
  /** It went on and on, so the look ended early. */
  cut: z.boolean(),
})
export type JourneySimulation = z.infer<typeof journeySimulation>
