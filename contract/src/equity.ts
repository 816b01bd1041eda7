import { z } from 'zod'
import { instant, page, pageQuery, uuid } from './common.ts'
import { costKind } from './planning.ts'

/** Both in ms; up to, not including, `to`. Left out: the last 90 days up to now. */
export const periodQuery = z.object({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
})

export const customerTerm = z.object({
  heads: z.int(),
  revenueMinor: z.int(),
  /** Null without heads. */
  averageMinor: z.int().nullable(),
})
export type CustomerTermView = z.infer<typeof customerTerm>

const amounts = z.record(z.string(), z.int())
export const costTerm = z.object({
  amountMinor: z.int(),
  /** What the amount is the sum of. 0: none are known, which is not the same as that there were none. */
  entries: z.int(),
  /** Entered, but left out, because an exchange rate is missing. */
  unconverted: z.int(),
  byPhase: amounts,
  byChannel: amounts,
  byPartner: amounts,
})
export type CostTermView = z.infer<typeof costTerm>

export const waterfallStep = z.object({
  key: z.enum([
    'new-revenue',
    'acquisition-costs',
    'old-revenue',
    'servicing-costs',
    'churned-revenue',
    'returns-only',
    'equity',
    'equity-before-some-costs',
    'revenue-without-costs',
  ]),
  /** `unknown`: costs that were not entered, or have no exchange rate; draw a gap with a word, not a zero. */
  kind: z.enum(['rise', 'fall', 'total', 'unknown']),
  deltaMinor: z.int(),
  startMinor: z.int(),
  endMinor: z.int(),
})
export type EquityWaterfallStep = z.infer<typeof waterfallStep>

export const unconverted = z.object({
  currency: z.string(),
  amountMinor: z.int(),
  entries: z.int(),
  /** When the first of them was: from that day on a rate is missing. */
  firstAt: instant,
})
export type UnconvertedAmount = z.infer<typeof unconverted>

export const balanceLine = z.object({ heads: z.int(), valueMinor: z.int() })
/** Opening + new + won back − lost = closing, in heads; in money with `changeOfStayedMinor`. */
export const customerBalance = z.object({
  opening: balanceLine,
  new: balanceLine,
  wonBack: balanceLine,
  lost: balanceLine,
  closing: balanceLine,
  changeOfStayedMinor: z.int(),
})
export type CustomerBalanceView = z.infer<typeof customerBalance>

/** Who left is told by the life cycle; where it is not there yet, nobody counts as churned and `sentence` says so. */
export const churnKnowledge = z.discriminatedUnion('kind', [
  /** So many days without a kept order and a customer is lost; null: told by the life cycle's own moves. */
  z.object({ kind: z.literal('known'), lostAfterDays: z.int().nullable() }),
  z.object({ kind: z.literal('needs-life-cycle'), sentence: z.string() }),
])

export const equityResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('equity'), minor: z.int() }),
  z.object({ kind: z.literal('equity-before-some-costs'), minor: z.int(), missing: costKind }),
  /** No costs are known: this is revenue, no profit. */
  z.object({ kind: z.literal('revenue-without-costs'), minor: z.int() }),
])
export type EquityResult = z.infer<typeof equityResult>

/** The period statement; amounts in minor units of `currency`. */
export const equityStatement = z.object({
  from: instant,
  to: instant,
  currency: z.string(),
  new: customerTerm,
  old: customerTerm,
  churned: customerTerm,
  /** People who bought nothing in the period but gave something back. */
  returnsOnly: customerTerm,
  /** Orders that name no customer (guests of an import): nobody can say whose, so they are in no term above. */
  guests: z.object({ orders: z.int(), revenueMinor: z.int() }),
  acquisitionCosts: costTerm,
  servicingCosts: costTerm,
  result: equityResult,
  waterfall: z.array(waterfallStep),
  balance: customerBalance,
  churn: churnKnowledge,
  /** Left out of every figure, because an exchange rate is missing: enter it. Of guests and of the balance's year before, too. */
  unconverted: z.array(unconverted),
  /** The log up to which orders were read. */
  position: z.number(),
  orders: z.int(),
})
export type EquityStatement = z.infer<typeof equityStatement>

export const equityTerm = z.enum(['new', 'old', 'churned', 'returns-only', 'opening', 'won-back', 'lost', 'closing'])
export type EquityTerm = z.infer<typeof equityTerm>
export const equityPeopleQuery = pageQuery.extend({ ...periodQuery.shape, term: equityTerm })
export const equityPerson = z.object({
  personId: uuid,
  /** Null where the caller may not see customers. */
  title: z.string().nullable(),
  /** What she brings to the term, most first. Null for the terms of the balance. */
  revenueMinor: z.int().nullable(),
})
export type EquityPerson = z.infer<typeof equityPerson>
export const equityPeople = page(equityPerson).extend({ term: equityTerm, heads: z.int(), currency: z.string() })

/** What the forward figure supposes. */
export const equitySettings = z.object({
  model: z.enum(['bg-nbd', 'pareto-nbd']),
  /** Share of revenue left after the cost of what was sold; null: nobody said, so the figure is of revenue. */
  margin: z.number().min(0).max(1).nullable(),
  annualDiscountRate: z.number().min(0).max(1),
  horizonYears: z.number().min(0.25).max(30),
})
export type EquitySettings = z.infer<typeof equitySettings>
export const equitySettingsChange = equitySettings.partial()

export const equityFigure = z.object({
  minor: z.int(),
  /** 95 %, for what the data leave open about the model, not for what single customers will do. */
  interval: z.tuple([z.int(), z.int()]).nullable(),
})
export type EquityFigure = z.infer<typeof equityFigure>

/** When the figure of an earlier day was computed, and as of when. */
const comparedFigure = z.object({ computedAt: instant, asOf: instant })

export const forwardChange = z.object({
  since: comparedFigure,
  fromMinor: z.int(),
  toMinor: z.int(),
  parts: z.array(
    z.object({
      /** `erased`, only where there are any: people erased since, of whom nobody knows any more what each was worth. */
      key: z.enum(['came', 'gone', 'rose', 'fell', 'erased', 'future-customers']),
      heads: z.int(),
      minor: z.int(),
    }),
  ),
})
export type ForwardChangeView = z.infer<typeof forwardChange>

/** `fresh`: wait for a figure of everything known now instead of taking the kept one. */
export const forwardQuery = z.object({
  fresh: z.enum(['true', 'false']).default('false'),
  /** As of an earlier instant: computed for this answer, not kept. */
  asOf: z.coerce.number().int().optional(),
})

const forwardCommon = z.object({
  currency: z.string(),
  asOf: instant,
  computedAt: instant,
  /** The log up to which orders were read. */
  position: z.number(),
  /** False: orders have come since, or what it rests on changed; a new figure is being computed. */
  isCurrent: z.boolean(),
  customers: z.int(),
  lastOrderAt: instant.nullable(),
  assumptions: equitySettings.extend({
    newCustomers: z.int(),
    overYears: z.number(),
    /** Null where no acquisition costs were entered, or an exchange rate of one is missing. */
    costPerCustomerMinor: z.int().nullable(),
  }),
  unconverted: z.array(unconverted),
})
export const forwardEquity = z.discriminatedUnion('kind', [
  forwardCommon.extend({
    kind: z.literal('computed'),
    /** `revenue`: no margin was entered, so this is discounted revenue, not margin. */
    of: z.enum(['margin', 'revenue']),
    current: equityFigure,
    future: equityFigure.extend({
      kind: z.enum(['net-of-acquisition-costs', 'without-acquisition-costs']),
      customersPerYear: z.number(),
      valuePerCustomerMinor: z.int(),
    }),
    total: equityFigure,
    parameters: z.record(z.string(), z.number()),
    /** Gamma-Gamma; `gamma` in minor units. */
    spend: z.object({ p: z.number(), q: z.number(), gamma: z.number() }),
    warnings: z.array(z.string()),
    /** What moved it since the last figure of an earlier day; null where there is none, or none it can be compared with. */
    change: forwardChange.nullable(),
    /** Why it is not compared with that figure: what differs between the two besides orders. */
    unlike: z
      .object({ since: comparedFigure, differs: z.array(z.enum(['settings', 'currency', 'time-zone', 'rates'])) })
      .nullable(),
  }),
  /** Too little history; `explanation` says what is missing. */
  forwardCommon.extend({ kind: z.literal('not-computed'), reason: z.string(), explanation: z.string() }),
])
export type ForwardEquityView = z.infer<typeof forwardEquity>

/** A person's forward value in the newest figure. */
export const personValue = z.object({
  valueMinor: z.int(),
  currency: z.string(),
  /** Probability that she is still a customer. */
  pAlive: z.number(),
  expectedSpendMinor: z.int(),
})
export type PersonValueView = z.infer<typeof personValue>

/** What one person is expected to bring from now on. */
export const personForward = z.object({
  figure: z
    .object({
      of: z.enum(['margin', 'revenue']).describe('`revenue`: no margin was entered, so her value is of revenue'),
      asOf: instant,
      computedAt: instant,
      horizonYears: z.number(),
    })
    .nullable()
    .describe('The forward figure that is kept; null while none is computed, or the history is too short for one'),
  value: personValue
    .nullable()
    .describe('Her part of that figure; null where it knows of no kept order of hers, or there is no figure'),
})
export type PersonForward = z.infer<typeof personForward>
