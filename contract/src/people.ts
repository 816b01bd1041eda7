import { z } from 'zod'
import { instant, jsonObject, money, page, pageQuery, uuid } from './common.ts'

export const identifier = z.object({ kind: z.enum(['userId', 'email', 'phone', 'anonymousId']), value: z.string() })

/** A person's state in each life-cycle track, by state key. */
export const trackStates = z.record(z.string(), z.string())

export const personListItem = z.object({
  personId: uuid,
  /** Name trait, else e-mail, else user id, else `Anonymous`. */
  title: z.string(),
  email: z.string().nullable(),
  firstSeenAt: instant,
  lastSeenAt: instant.nullable(),
  states: trackStates,
  /** Kept revenue so far, net of refunds and cancellations. */
  revenue: money.nullable(),
})
export type PersonListItem = z.infer<typeof personListItem>
export const personList = page(personListItem).extend({ total: z.int() })
export const personQuery = pageQuery
  .extend({
    search: z.string().max(200).optional(),
    segmentId: uuid.optional(),
    track: z.string().max(60).optional(),
    state: z.string().max(60).optional(),
  })
  .refine(
    ({ search, segmentId, track, state }) =>
      [search, segmentId, track ?? state].filter((each) => each !== undefined && each !== '').length <= 1 &&
      (track === undefined) === (state === undefined),
    'Ask for people by `search`, by `segmentId`, or by `track` and `state` together: one of these at a time',
  )

export const personState = z.object({
  track: z.string(),
  trackTitle: z.string(),
  state: z.string(),
  stateTitle: z.string(),
  since: instant.nullable(),
  why: z.string().nullable(),
  /** What the next state of the track still needs. */
  missing: z.array(z.string()),
})

export const personMerge = z.object({
  mergeId: uuid,
  at: instant,
  reason: z.string(),
  winnerPersonId: uuid,
  loserPersonId: uuid,
  subjects: z.int(),
  undoneAt: instant.nullable(),
  undoneBy: z.string().nullable(),
})

/** Somebody who shares an identifier with her and was not merged, and why. */
export const personConflict = z.object({
  personId: uuid,
  title: z.string(),
  reason: z.enum(['both-known', 'parted', 'too-many-subjects']),
  firstAt: instant,
})
export type PersonConflict = z.infer<typeof personConflict>

const statedAmount = { kind: z.enum(['completed', 'updated', 'refunded']), at: instant }

export const personOrder = z.object({
  orderId: z.string(),
  orderedAt: instant,
  currency: z.string().nullable(),
  grossMinor: z.int(),
  refundedMinor: z.int(),
  cancelled: z.boolean(),
  deliveredAt: instant.nullable(),
  /**
   * Amounts in neither of the two above: in another currency than the order's, no number, or more than an order comes to;
   * `too-many-events`: of the more than 1,000 events that name the order, none from `at` on counts.
   */
  setAside: z.array(
    z.discriminatedUnion('reason', [
      z.object({ ...statedAmount, reason: z.literal('other-currency'), amount: money }),
      z.object({ ...statedAmount, reason: z.enum(['unreadable', 'too-big']), stated: z.string() }),
      z.object({ reason: z.literal('too-many-events'), at: instant }),
    ]),
  ),
})

export const person = z.object({
  personId: uuid,
  title: z.string(),
  firstSeenAt: instant,
  identifiers: z.array(identifier),
  traits: z.array(z.object({ name: z.string(), value: z.unknown(), statedAt: instant.nullable() })),
  subjects: z.array(uuid),
  merges: z.array(personMerge),
  /** At most 50, newest first. */
  conflicts: z.array(personConflict),
  states: z.array(personState),
  segments: z.array(z.object({ segmentId: uuid, name: z.string(), since: instant.nullable() })),
  /** At most 1,000, newest first. */
  orders: z.array(personOrder),
  orderCounts: z.object({ all: z.int(), notCancelled: z.int() }),
  /** Kept revenue of all her orders, net of refunds and cancellations; null where they are in several currencies. */
  revenue: money.nullable(),
})
export type Person = z.infer<typeof person>

/** What people are called, for lists that name them by id: at most 200 ids, comma-separated; who is no more is missing. */
export const personNamesQuery = z.object({
  ids: z
    .string()
    .max(200 * 37)
    .transform((text) => text.split(','))
    .pipe(z.array(uuid).min(1).max(200)),
})
export const personNames = z.object({ items: z.array(z.object({ personId: uuid, title: z.string() })) })

export const timelineKind = z.enum(['event', 'segment', 'life-cycle', 'journey', 'message', 'merge'])
export const timelineItem = z.object({
  id: z.string(),
  at: instant,
  kind: timelineKind,
  title: z.string(),
  /** One plain sentence, e.g. why a message was not sent. */
  detail: z.string().nullable(),
  /** Where to read more, a path of the console. */
  link: z.string().nullable(),
  data: jsonObject,
})
export type TimelineItem = z.infer<typeof timelineItem>
export const timeline = page(timelineItem)
/** Comma-separated kinds; all when left out. */
export const timelineQuery = pageQuery.extend({ kinds: z.string().max(100).optional() })

export const verdict = z.enum(['accepted', 'duplicate', 'quarantined', 'system', 'waiting'])
export const liveEvent = z.object({
  position: z.int(),
  index: z.int(),
  receivedAt: instant,
  occurredAt: instant.nullable(),
  type: z.string(),
  name: z.string(),
  messageId: z.string().nullable(),
  verdict,
  historic: z.boolean(),
  /** Why it was set aside, with what to do. */
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  personId: uuid.nullable(),
  /** As it was sent; nested too deep to be written as JSON again, its text. */
  raw: z.unknown(),
})
export type LiveEvent = z.infer<typeof liveEvent>
export const liveEvents = page(liveEvent)
export const liveEventQuery = pageQuery.extend({
  search: z.string().max(200).optional(),
  type: z.string().max(40).optional(),
  name: z.string().max(200).optional(),
  verdict: verdict.optional(),
})

/** Names seen, for the segment and journey builders. */
export const eventCatalogue = z.object({
  events: z.array(z.object({ name: z.string(), count: z.int(), lastAt: instant, properties: z.array(z.string()) })),
  traits: z.array(z.object({ name: z.string(), people: z.int() })),
})
export type EventCatalogue = z.infer<typeof eventCatalogue>
