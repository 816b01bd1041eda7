import { z } from 'zod'
import { instant, jsonObject } from './common.ts'
import { person, timelineItem } from './people.ts'
import { personPolicy } from './policy.ts'

/**
 * How far the erasure of a person has come:
 * - requested: nothing is handed over to her any more
 * - hidden: no query, page or export can show her
 * - cleared: no table of PostgreSQL but the log has a row of hers
 * - rewritten: nor has the log
 * - done: nor has ClickHouse, and the space of what was deleted was given back
 */
export const erasureState = z.enum(['requested', 'hidden', 'cleared', 'rewritten', 'done'])
export type ErasureState = z.infer<typeof erasureState>

export const erasure = z.object({
  erasureId: z.uuid(),
  /** The ids she had. They are random, and lead nowhere. */
  personIds: z.array(z.uuid()),
  state: erasureState,
  requestedAt: instant,
  /** `user:…` or `key:…`. */
  requestedBy: z.string(),
  hiddenAt: instant.nullable(),
  doneAt: instant.nullable(),
  batchesRewritten: z.int(),
  eventsErased: z.int(),
  /** What is still to be done, in a sentence; null when all is. */
  remains: z.string().nullable(),
})
export type Erasure = z.infer<typeof erasure>

export const erasureQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** Only the erasure of whoever had this id. */
  personId: z.uuid().optional(),
})
export const erasures = z.object({ items: z.array(erasure), next: z.string().nullable() })

/** Everything known about one person, to be handed to her. */
export const personExport = z.object({
  exportedAt: instant,
  /** Without conflicts: they name others. */
  person: person.omit({ orders: true, revenue: true, conflicts: true }),
  /** What she is expected to bring; null when that was not computed, or she is no customer. */
  value: jsonObject.nullable(),
  allows: personPolicy,
  orders: z.array(jsonObject),
  /** What she did, oldest first. */
  events: z.array(jsonObject),
  /** What was sent to her or not, with what it said and why; newest first. */
  messages: z.array(jsonObject),
  /** The journeys she was in, newest first. */
  journeys: z.array(jsonObject),
  /** Segments in and out, life-cycle moves, merges; newest first. */
  history: z.array(timelineItem),
})
