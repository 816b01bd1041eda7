import { z } from 'zod'
import { instant, money, mostMinor, page, pageQuery, uuid } from './common.ts'
import { phaseKey } from './life-cycle.ts'
import { currency } from './workspace.ts'

/** A calendar day of the workspace: 2026-11-21. */
export const calendarDay = z.iso.date()

/** One of the five phases and the one person who answers for it. */
export const phase = z.object({
  phase: phaseKey,
  title: z.string(),
  /** Null only while nobody owns the workspace. */
  owner: z.object({ userId: z.string(), name: z.string() }).nullable(),
  /** False: nobody was named, so the workspace's first owner answers for it. */
  named: z.boolean(),
  since: instant.nullable(),
  /** People whose conversion state is in this phase; null while the life cycle has not been computed. */
  people: z.int().nullable(),
})
export type Phase = z.infer<typeof phase>
export const phases = z.array(phase)
/** Only the phases named change; exactly one person a phase. */
export const phaseOwnersChange = z
  .array(z.object({ phase: phaseKey, userId: z.string().min(1).max(200) }))
  .min(1)
  .max(5)
  .refine((list) => new Set(list.map((each) => each.phase)).size === list.length, 'Name each phase once')

/** Acquisition: to win customers. Servicing: to keep and serve those there are. */
export const costKind = z.enum(['acquisition', 'servicing'])
const costWord = z.string().trim().min(1).max(120)

export const costDraft = z.object({
  on: calendarDay,
  /** 0 is allowed: it says that there were none. A negative amount is a refund of costs. */
  amount: money.extend({ minor: z.int().min(-mostMinor).max(mostMinor) }),
  kind: costKind,
  phase: phaseKey.nullable().default(null),
  channel: costWord.nullable().default(null),
  partner: costWord.nullable().default(null),
  note: z.string().trim().max(500).nullable().default(null),
})
export type CostDraft = z.infer<typeof costDraft>

export const cost = z.object({
  costId: uuid,
  on: calendarDay,
  amount: money,
  kind: costKind,
  phase: phaseKey.nullable(),
  channel: z.string().nullable(),
  partner: z.string().nullable(),
  note: z.string().nullable(),
  /** The import it came by; null: entered by hand. */
  importId: uuid.nullable(),
  createdAt: instant,
})
export type Cost = z.infer<typeof cost>
export const costQuery = pageQuery.extend({
  from: calendarDay.optional(),
  /** Up to and including. */
  to: calendarDay.optional(),
  kind: costKind.optional(),
  phase: phaseKey.optional(),
})
/** Newest day first. `totals` are those of the whole query, by kind and currency. */
export const costPage = page(cost).extend({
  totals: z.array(z.object({ kind: costKind, currency: z.string(), minor: z.int(), entries: z.int() })),
})

/**
 * Columns, by header, in any order: date, amount, kind (acquisition or servicing); optional currency, phase, channel,
 * partner, note. The same file twice adds nothing.
 */
export const costImport = z.object({
  csv: z.string().min(1).max(1_000_000),
  fileName: z.string().max(200).optional(),
  /** Of rows that name none; the workspace's when left out. */
  currency: currency.optional(),
  dateFormat: z.enum(['yyyymmdd', 'iso', 'day-month-year', 'month-day-year']).optional(),
  /** What stands before the cents; found when left out, and asked for where the amounts leave it open. */
  decimalMark: z.enum(['.', ',']).optional(),
})
export const costRowRefusal = z.object({ line: z.int(), reason: z.string(), remedy: z.string(), text: z.string() })
export const costImported = z.object({
  importId: uuid,
  rows: z.int(),
  added: z.int(),
  /** Stood there already from an earlier import of the same rows. */
  repeated: z.int(),
  rejected: z.array(costRowRefusal),
  /** Of what was added. */
  totals: z.array(z.object({ kind: costKind, currency: z.string(), minor: z.int(), entries: z.int() })),
})
export type CostImported = z.infer<typeof costImported>

/** What one unit of `currency` was worth in units of `base`, from that day until the next entry. */
export const exchangeRate = z.object({
  currency,
  base: currency,
  on: calendarDay,
  rate: z.number().positive().max(1e9),
})
export type ExchangeRateEntry = z.infer<typeof exchangeRate>
export const exchangeRates = z.array(exchangeRate)
/** `base` is the workspace's currency where left out. */
export const exchangeRateDraft = exchangeRate.extend({ base: currency.optional() })
