import { z } from 'zod'
import { instant } from './common.ts'
import { equityResult } from './equity.ts'
import { phaseKey, stateKey, trackKey } from './life-cycle.ts'

/** A step of setting up; ticks itself. Null: that part of Baton is not there to be asked. */
export const checklistKey = z.enum([
  'first-event',
  'owners-named',
  'costs-entered',
  'first-segment',
  'first-journey-published',
  'first-message-read',
])
export type ChecklistKey = z.infer<typeof checklistKey>

/** The console's first page. `equity` is null where the caller may not see money. */
export const home = z.object({
  /** Domain time of the answer. */
  asOf: instant,
  currency: z.string(),
  equity: z
    .object({
      /** The last 90 calendar days of the workspace up to now, today among them. */
      from: instant,
      to: instant,
      result: equityResult,
      newHeads: z.int(),
      oldHeads: z.int(),
      churnedHeads: z.int(),
      /** Amounts are left out of these figures, because an exchange rate is missing. */
      isPartUnconverted: z.boolean(),
      /** The newest forward figure; null while there is none. */
      forward: z
        .object({
          minor: z.int(),
          /** Of the figure: another than the workspace's until it is computed anew, where that was changed. */
          currency: z.string(),
          /** False: orders have come since, or what it rests on changed; a new figure is being computed. */
          isCurrent: z.boolean(),
          interval: z.tuple([z.int(), z.int()]).nullable(),
          of: z.enum(['margin', 'revenue']),
          asOf: instant,
        })
        .nullable(),
    })
    .nullable(),
  /** Null while the life cycle has not been computed. */
  lifeCycle: z
    .array(
      z.object({
        track: trackKey,
        title: z.string(),
        states: z.array(
          z.object({ state: stateKey, title: z.string(), phase: phaseKey.nullable(), count: z.int(), atRisk: z.int() }),
        ),
      }),
    )
    .nullable(),
  /** Since midnight in the workspace's time zone. */
  today: z.object({
    since: instant,
    events: z.int(),
    newPeople: z.int(),
    orders: z.int(),
    /** Net, by currency; null where the caller may not see money. */
    revenue: z.array(z.object({ currency: z.string(), minor: z.int() })).nullable(),
    /** Messages by outcome (`accepted`, `dropped`, `held`, …); null while there is no ledger to ask. */
    messages: z.record(z.string(), z.int()).nullable(),
    /** By hour of the day so far, for a small chart. */
    eventsByHour: z.array(z.int()),
  }),
  checklist: z.array(z.object({ key: checklistKey, done: z.boolean().nullable() })),
})
export type Home = z.infer<typeof home>
