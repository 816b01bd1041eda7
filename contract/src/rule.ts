import { z } from 'zod'

/**
 * The rule language: one for segments, life-cycle states, journey branches, goals and waits.
 * A rule is a tree of conditions about one person at one instant.
 */
export const comparison = z.enum([
  'equals',
  'not-equals',
  'greater',
  'at-least',
  'less',
  'at-most',
  'contains',
  'in',
  'exists',
  'not-exists',
])
export type Comparison = z.infer<typeof comparison>
export const scalar = z.union([z.string().max(1000), z.number(), z.boolean()])
const path = z.string().min(1).max(200)

/** A filter on one property of an event, or on a trait: `path` goes into objects with dots. `in` takes `values`. */
export const propertyFilter = z.object({
  path,
  is: comparison,
  value: scalar.optional(),
  values: z.array(scalar).max(500).optional(),
})
export type PropertyFilter = z.infer<typeof propertyFilter>

/** Events of the last so many milliseconds (measured by occurredAt, half open: now - lastMs < t <= now); none = ever. */
const window = z.object({ lastMs: z.int().positive() }).optional()
const threshold = z.enum(['at-least', 'at-most', 'equals', 'greater', 'less'])

export const traitCondition = propertyFilter.extend({ kind: z.literal('trait') })
/** The trait is a date (ISO text or epoch ms), and that date plus `plusMs` lies before/after now. */
export const traitDateCondition = z.object({
  kind: z.literal('trait-date'),
  path,
  plusMs: z.int().default(0),
  is: z.enum(['past', 'future']),
})
export const eventCountCondition = z.object({
  kind: z.literal('event-count'),
  event: z.string().min(1).max(200),
  where: z.array(propertyFilter).max(10).default([]),
  window,
  is: threshold,
  value: z.int().min(0),
})
export const eventSumCondition = eventCountCondition.extend({
  kind: z.literal('event-sum'),
  /** Numeric property to add up; events without it count as 0. */
  path,
  value: z.number(),
})
/** A property of the person's most recent such event (ties: greater message id). False when there is none. */
export const eventLastCondition = z.object({
  kind: z.literal('event-last'),
  event: z.string().min(1).max(200),
  where: z.array(propertyFilter).max(10).default([]),
  window,
  filter: propertyFilter,
})
/** The most recent `event` is after the most recent `than` (or `than` never was). */
export const eventAfterCondition = z.object({
  kind: z.literal('event-after'),
  event: z.string().min(1).max(200),
  than: z.string().min(1).max(200),
  window,
})
export const segmentCondition = z.object({ kind: z.literal('segment'), segmentId: z.uuid() })
/** Another rule of this workspace by its key: how life-cycle states build on each other. */
export const ruleCondition = z.object({ kind: z.literal('rule'), ruleKey: z.string().min(1).max(200) })

const leaf = [
  traitCondition,
  traitDateCondition,
  eventCountCondition,
  eventSumCondition,
  eventLastCondition,
  eventAfterCondition,
  segmentCondition,
  ruleCondition,
] as const
export const leafCondition = z.discriminatedUnion('kind', leaf)
export type LeafCondition = z.infer<typeof leafCondition>

export type Rule =
  | LeafCondition
  | { kind: 'and'; of: Rule[] }
  | { kind: 'or'; of: Rule[] }
  | { kind: 'not'; of: Rule }
  | { kind: 'at-least'; count: number; of: Rule[] }

/** Whole language. Nesting depth and size are checked where a rule is saved. */
export const rule: z.ZodType<Rule> = z
  .lazy(() =>
    z.union([
      leafCondition,
      z.object({ kind: z.literal('and'), of: z.array(rule).max(50) }),
      z.object({ kind: z.literal('or'), of: z.array(rule).max(50) }),
      z.object({ kind: z.literal('not'), of: rule }),
      z.object({ kind: z.literal('at-least'), count: z.int().min(1), of: z.array(rule).max(50) }),
    ]),
  )
  .meta({ id: 'Rule' })
