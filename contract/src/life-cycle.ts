import { z } from 'zod'
import { instant, json, page, pageQuery, uuid } from './common.ts'
import { rule } from './rule.ts'
import { changeCause, examplePerson, ruleTrace } from './segment.ts'

/** Three parallel tracks; every person is in exactly one state of each at any instant. */
export const trackKey = z.enum(['identity', 'brand', 'conversion'])
export type TrackKey = z.infer<typeof trackKey>
export const phaseKey = z.enum(['contact', 'consideration', 'purchase', 'post-purchase', 'loyalty'])
export type PhaseKey = z.infer<typeof phaseKey>
export const stateKey = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, beginning with a letter')

export const stateDefinition = z.object({
  state: stateKey,
  title: z.string().min(1).max(60),
  /** Null for the lane outside the five phases (lost, won back, estranged). */
  phase: phaseKey.nullable(),
  /** In words: what must be true. */
  meaning: z.string().max(500),
  /** Null: the first state of a track, one entered by `comesAfter`, or one that can't be told yet (`missing` says why). */
  rule: rule.nullable(),
  /** Instead of a rule: who leaves `state` by her own act is in this one for so long (won back comes after lost). */
  comesAfter: z.object({ state: stateKey, forMs: z.int().positive() }).optional(),
  /** What Baton would have to collect before this state can be told. */
  missing: z.string().max(300).optional(),
  /** How long a person whose evidence lapsed stays, shown as at risk, before she falls to what still holds. */
  graceMs: z.int().min(0).default(0),
})
export type StateDefinition = z.infer<typeof stateDefinition>

export const trackDefinition = z.object({
  track: trackKey,
  title: z.string().min(1).max(60),
  /** Lowest first: a person's state is the highest whose rule holds. */
  states: z.array(stateDefinition).min(1).max(20),
})
export type TrackDefinition = z.infer<typeof trackDefinition>

export const mostNeededTraits = 20
/** Of so many needed traits, how many make a record Known. */
export const leastOfNeeded = (count: number): number => Math.ceil(count * 0.8)

export const lifeCycleDefinition = z.object({
  /** Traits whose presence makes a record complete: Known asks for 80 % of them. */
  neededTraits: z.array(z.string().min(1).max(200)).min(1).max(mostNeededTraits),
  /** No order for so long means lost; to be chosen by the business's own repurchase gaps (`lostAfterView`). */
  lostAfterDays: z.int().min(1).max(3650),
  tracks: z.array(trackDefinition).length(3),
})
export type LifeCycleDefinition = z.infer<typeof lifeCycleDefinition>

export const lifeCycleDefinitionView = lifeCycleDefinition.extend({ version: z.int(), updatedAt: instant })
export type LifeCycleDefinitionView = z.infer<typeof lifeCycleDefinitionView>

/** Each once: four fifths of them are counted. */
export const neededTraits = lifeCycleDefinition
  .pick({ neededTraits: true })
  .refine(({ neededTraits: names }) => new Set(names).size === names.length, 'Name each trait once')

/** How long people who bought again took from one kept order to the next, in days; orders of one day count as one. */
export const repurchaseGaps = z.object({
  /** How many gaps there are, and of how many people. */
  gaps: z.int(),
  people: z.int(),
  /** Since the first order: a gap can't be longer. */
  historyDays: z.int(),
  /** Within so many days half, 90 % and 95 % of the gaps had ended; null where there is none. */
  median: z.int().nullable(),
  p90: z.int().nullable(),
  p95: z.int().nullable(),
})
export type RepurchaseGaps = z.infer<typeof repurchaseGaps>

export const lostAfter = lifeCycleDefinition.pick({ lostAfterDays: true })

export const lostAfterView = lostAfter.extend({
  gaps: repurchaseGaps,
  /** Null while the gaps are too few, or the history too short to tell. */
  suggestedDays: z.int().nullable(),
})
export type LostAfterView = z.infer<typeof lostAfterView>

export const stateCount = z.object({
  state: stateKey,
  title: z.string(),
  phase: phaseKey.nullable(),
  meaning: z.string(),
  count: z.int(),
  /** Of `count`, those whose evidence lapsed and who are in their grace time. */
  atRisk: z.int(),
  missing: z.string().optional(),
})
export const lifeCycleView = z.object({
  version: z.int(),
  /** Domain time up to which the counts are true. */
  asOf: instant,
  people: z.int(),
  tracks: z.array(z.object({ track: trackKey, title: z.string(), states: z.array(stateCount) })),
})
export type LifeCycleView = z.infer<typeof lifeCycleView>

export const flowQuery = z.object({
  track: trackKey.default('conversion'),
  from: z.coerce.number().int(),
  to: z.coerce.number().int(),
})
/** `from` null: she was not known before. `stayed` rows (from = to) are included, so that a Sankey balances. */
export const lifeCycleFlow = z.object({
  from: stateKey.nullable(),
  to: stateKey,
  people: z.int(),
  /** Revenue to date of these people, net, in minor units of the workspace's currency. */
  valueMinor: z.int(),
})
export const lifeCycleFlows = z.array(lifeCycleFlow)
export type LifeCycleFlow = z.infer<typeof lifeCycleFlow>

export const statePeopleQuery = pageQuery.extend({
  track: trackKey,
  state: stateKey,
  atRisk: z.enum(['true', 'false']).optional(),
})
export const statePeople = page(examplePerson.extend({ since: instant.nullable(), atRiskUntil: instant.nullable() }))

export const lifeCycleMove = z.object({
  track: trackKey,
  from: stateKey.nullable(),
  /** Null: she is no more, having been merged into another. */
  to: stateKey.nullable(),
  at: instant,
  knownAt: instant,
  cause: changeCause,
  evidence: json,
})
export type LifeCycleMoveItem = z.infer<typeof lifeCycleMove>

/** Where one person stands, since when, why, and what is missing for the next state. */
export const personLifeCycle = z.object({
  personId: uuid,
  tracks: z.array(
    z.object({
      track: trackKey,
      state: stateKey,
      title: z.string(),
      phase: phaseKey.nullable(),
      since: instant.nullable(),
      cause: changeCause.nullable(),
      atRisk: z.object({ until: instant, why: z.string() }).nullable(),
      next: z
        .object({ state: stateKey, title: z.string(), missing: z.array(z.string()), trace: ruleTrace.nullable() })
        .nullable(),
    }),
  ),
  history: z.array(lifeCycleMove),
})
export type PersonLifeCycle = z.infer<typeof personLifeCycle>
