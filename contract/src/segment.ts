import { z } from 'zod'
import { instant, json, page, pageQuery, uuid } from './common.ts'
import { expectedUpdatedAt } from './history.ts'
import { rule } from './rule.ts'

/** A segment: a named rule whose members are kept exactly, by every event and by the passing of time. */
export const segmentName = z.string().trim().min(1).max(120)
export const segmentInput = z.object({
  name: segmentName,
  description: z.string().max(2000).default(''),
  rule,
})
export type SegmentInput = z.infer<typeof segmentInput>
/** PUT /v1/segments/:id */
export const segmentChange = segmentInput.extend({ expectedUpdatedAt })
export type SegmentChange = z.infer<typeof segmentChange>

export const segment = z.object({
  segmentId: uuid,
  name: z.string(),
  description: z.string(),
  rule,
  version: z.int(),
  createdAt: instant,
  updatedAt: instant,
  /** People in it now; null until the first count after a save (`state` is `counting` then). */
  count: z.int().nullable(),
  /** `counting`: everybody is being looked at after a save; membership of the version before holds until it is done. */
  state: z.enum(['live', 'counting']),
  /** Names of the segments whose rules ask for this one: it can't be deleted while there are any. */
  usedBy: z.array(z.object({ segmentId: uuid, name: z.string() })),
})
export type Segment = z.infer<typeof segment>
export const segmentPage = page(segment)
export const segmentQuery = pageQuery.extend({ search: z.string().max(120).optional() })

/** `segmentId` says which segment is being edited: entering and leaving are counted against its present members. */
export const segmentPreviewInput = z.object({ rule, segmentId: uuid.optional() })
export type SegmentPreviewInput = z.infer<typeof segmentPreviewInput>

export const examplePerson = z.object({
  personId: uuid,
  /** A name, else an e-mail address, else another identifier: what to call her in a list. */
  label: z.string(),
  email: z.string().nullable(),
})
export type ExamplePerson = z.infer<typeof examplePerson>

export const segmentPreview = z.object({
  count: z.int(),
  total: z.int(),
  /**
   * People for whom each node of the rule holds by itself. `path` leads to the node: '' is the whole rule, '0' its first
   * part, '0.1' the second part of that.
   */
  perCondition: z.array(z.object({ path: z.string(), count: z.int() })),
  reachable: z.object({
    email: z
      .int()
      .describe(
        'Of `count`, those to whom policy would let an e-mail through that sells, informs or coaches, by what lasts: an address, as it is now, that has not bounced; she is not suppressed and did not complain; consent for one of these purposes, where it is needed; not everything, the channel or every topic left. What passes (quiet hours, caps, a pause, an open issue, her state) is decided at each sending.',
      ),
    asked: z
      .int()
      .describe(
        'Of how many this was asked: `count`, or an even sample of 2,000, whose share `email` then is of `count`.',
      ),
  }),
  examples: z.array(examplePerson).max(10),
  /** Who would come in and go out by saving, against the members now; `entering` is `count` for a new segment. */
  entering: z.int(),
  leaving: z.int(),
  tookMs: z.int(),
})
export type SegmentPreview = z.infer<typeof segmentPreview>

export const segmentMember = examplePerson.extend({
  /** When she came in and why; null for who was in it since before its first change was kept. */
  since: instant.nullable(),
  cause: z.string().nullable(),
})
export type SegmentMember = z.infer<typeof segmentMember>
export const segmentMemberPage = page(segmentMember)
export const segmentMemberQuery = pageQuery

/** Why a membership changed: she did something, time passed, the rule was edited, or two people became one. */
export const changeCause = z.enum(['behaviour', 'time', 'rule-changed', 'merged'])
export type ChangeCause = z.infer<typeof changeCause>

export const membershipChange = z.object({
  seq: z.string(),
  personId: uuid,
  label: z.string(),
  entered: z.boolean(),
  /** When it became true (by the event's own time, or the edge of a window). */
  at: instant,
  /** When Baton knew. */
  knownAt: instant,
  cause: changeCause,
  version: z.int(),
  evidence: json,
})
export type MembershipChangeItem = z.infer<typeof membershipChange>
export const membershipChangePage = page(membershipChange)
export const membershipChangeQuery = pageQuery.extend({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
})

/** A rule with the answer at each node for one person: `saw` is what was found in her facts, in figures. */
export interface Trace {
  /** As in `perCondition`. */
  path: string
  kind: string
  /** The node in plain words, e.g. "Order Completed at least 2 times in the last 30 days". */
  sentence: string
  holds: boolean
  saw?: string | undefined
  /** When this node's answer changes by the passing of time alone; null when never. */
  changesAt: number | null
  of?: Trace[] | undefined
}
export const ruleTrace: z.ZodType<Trace> = z
  .lazy(() =>
    z.object({
      path: z.string(),
      kind: z.string(),
      sentence: z.string(),
      holds: z.boolean(),
      saw: z.string().optional(),
      changesAt: instant.nullable(),
      of: z.array(ruleTrace).optional(),
    }),
  )
  .meta({ id: 'RuleTrace' })
export const membershipWhy = z.object({
  personId: uuid,
  segmentId: uuid,
  holds: z.boolean(),
  /** By the tick, i.e. what journeys saw last; differs from `holds` only for the instant until the next tick. */
  member: z.boolean(),
  nextChangeAt: instant.nullable(),
  trace: ruleTrace,
  history: z.array(membershipChange.omit({ label: true })),
  /** True when she has more events than are looked at one by one here (the newest are). */
  truncated: z.boolean(),
})
export type Why = z.infer<typeof membershipWhy>
