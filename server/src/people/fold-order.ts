import type { JsonObject } from '../collect/index.ts'
import { type Instant, isCurrency, type Money, mostMinor, toMajor, toMinor } from '../kernel/index.ts'

interface Said {
  readonly kind: 'completed' | 'updated' | 'refunded' | 'cancelled' | 'delivered'
  readonly at: Instant
  readonly messageId: string
  /** As stated; null where the event names none: it is then in its order's. */
  readonly currency: string | null
}

/** One thing that was said about an order, as kept with its row. */
export interface OrderFact extends Said {
  /** In major units, as stated; null where the event names none. */
  readonly amount: number | null
  /** What stands where the amount should, and is no number. */
  readonly unreadable?: string
}

/** As facts were kept once: in minor units of a currency that was the workspace's where the event named none. */
interface OldOrderFact extends Said {
  readonly amountMinor: number | null
}

export type KeptFact = OrderFact | OldOrderFact

export interface FoldedOrder {
  readonly orderedAt: Instant
  readonly currency: string | null
  readonly grossMinor: number
  /** The amount was stated, and is 0; where nobody stated one, `grossMinor` is 0, too. */
  readonly statedFree: boolean
  readonly refundedMinor: number
  readonly cancelled: boolean
  readonly deliveredAt: Instant | null
}

/** Why an amount that was stated is shown and not counted. */
type Aside =
  /** Than the order's. */
  | { readonly reason: 'other-currency'; readonly amount: Money }
  /** No number, or more than `mostMinor`. */
  | { readonly reason: 'unreadable' | 'too-big'; readonly stated: string }

export type SetAside =
  | ({ readonly kind: 'completed' | 'updated' | 'refunded'; readonly at: Instant } & Aside)
  /** More is said of the order than is kept: nothing that happened from then on counts. */
  | { readonly reason: 'too-many-events'; readonly at: Instant }

/** What counts of an order: its first facts by time. A program that sends `undefined` as every order's id is one order's. */
export const mostFacts = 1_000

/** Events of Segment's e-commerce spec (v2) that change an order; the last two are Baton's own names for its hand-over. */
const kindsByEvent: ReadonlyMap<string, OrderFact['kind']> = new Map([
  ['Order Completed', 'completed'],
  ['Order Updated', 'updated'],
  ['Order Refunded', 'refunded'],
  ['Order Cancelled', 'cancelled'],
  ['Order Delivered', 'delivered'],
  ['Order Activated', 'delivered'],
])

/**
 * What an event says about an order, or null when it is not about one. The amount is `revenue`, else `total`, else
 * `value` (Segment's spec: revenue is what the shop earns, total what the customer pays).
 */
export const orderFactOf = (event: {
  name: string
  properties: JsonObject
  occurredAt: Instant
  messageId: string
}): { orderId: string; fact: OrderFact } | null => {
  const kind = kindsByEvent.get(event.name)
  const { order_id: id } = event.properties
  if (!kind || (typeof id !== 'string' && typeof id !== 'number') || `${id}`.length === 0) return null
  const stated = event.properties.currency
  const currency = typeof stated === 'string' && isCurrency(stated.toUpperCase()) ? stated.toUpperCase() : null
  const { occurredAt: at, messageId } = event
  return { orderId: `${id}`.slice(0, 200), fact: { kind, at, messageId, ...amountOf(event.properties), currency } }
}

const amountOf = ({ revenue, total, value }: JsonObject): Pick<OrderFact, 'amount' | 'unreadable'> => {
  const given = [revenue, total, value].filter((each) => !isBlank(each))
  const amount = given
    .map((each) => (typeof each === 'string' ? Number(each) : each))
    .find((each): each is number => typeof each === 'number' && Number.isFinite(each))
  if (amount !== undefined) return { amount }
  const [first] = given
  return first === undefined ? { amount: null } : { amount: null, unreadable: textOf(first) }
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Short, and as PostgreSQL takes it. */
const textOf = (value: unknown): string =>
  (typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('\0', '').slice(0, 60).toWellFormed()

const inTime = (facts: readonly KeptFact[]): readonly KeptFact[] =>
  [...facts].sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1))

const thatCount = (facts: readonly KeptFact[]): readonly KeptFact[] => inTime(facts).slice(0, mostFacts)

type Reading = { readonly kind: 'none' } | { readonly kind: 'counts'; readonly minor: number } | AsideReading
type AsideReading = { readonly kind: 'aside'; readonly aside: Aside }

/** What a fact's amount is to an order in this currency. */
const readAmountOf = (fact: KeptFact, currency: string): Reading => {
  const own = fact.currency ?? currency
  const major = majorOf(fact, own)
  if ('unreadable' in fact && fact.unreadable !== undefined)
    return { kind: 'aside', aside: { reason: 'unreadable', stated: fact.unreadable } }
  if (major === null) return { kind: 'none' }
  const minor = toMinor(major, own)
  if (minor === null) return { kind: 'aside', aside: { reason: 'too-big', stated: String(major) } }
  if (own === currency) return { kind: 'counts', minor }
  return { kind: 'aside', aside: { reason: 'other-currency', amount: { minor, currency: own } } }
}

const majorOf = (fact: KeptFact, currency: string): number | null => {
  if (!('amountMinor' in fact)) return fact.amount
  return fact.amountMinor === null ? null : toMajor({ minor: fact.amountMinor, currency })
}

interface Refunds {
  readonly minor: number
  readonly statedMinor: number
  /** Everything was refunded once: a part that is stated after is of what was added since, or was in it. */
  readonly wasWhole: boolean
}

const noRefunds: Refunds = { minor: 0, statedMinor: 0, wasWhole: false }

/** One more refund of an order; `minor` null: of all that is left. */
const refund = (
  { minor: before, statedMinor, wasWhole }: Refunds,
  minor: number | null,
  grossMinor: number,
): Refunds => {
  if (minor === null) return { minor: Math.max(before, grossMinor), statedMinor, wasWhole: true }
  const all = statedMinor + Math.abs(minor)
  const after = before + Math.abs(minor)
  return { minor: wasWhole ? Math.max(before, all, Math.min(after, grossMinor)) : after, statedMinor: all, wasWhole }
}

/**
 * An order from all that was said of it (of more than `mostFacts` things the first), in order of time and message id, whatever order it arrived in. Its currency is
 * that of its completion, else the first that was stated, else `fallbackCurrency`; an amount in another one, of no number or
 * too big is not counted (`setAsideOf`). A refund without an amount is of all that is left; a cancellation takes the
 * whole; a refund of an order never seen stands as negative revenue.
 */
export const foldOrder = (facts: readonly KeptFact[], fallbackCurrency: string): FoldedOrder => {
  const ordered = thatCount(facts)
  const stated = ordered.filter((fact) => fact.currency !== null)
  const currency = (stated.find((fact) => fact.kind === 'completed') ?? stated[0])?.currency ?? fallbackCurrency
  let statedMinor: number | null = null
  let refunds = noRefunds
  let cancelled = false
  let deliveredAt: Instant | null = null
  for (const fact of ordered) {
    if (fact.kind === 'cancelled') cancelled = true
    else if (fact.kind === 'delivered') deliveredAt ??= fact.at
    else {
      const reading = readAmountOf(fact, currency)
      if (reading.kind === 'aside') continue
      const minor = reading.kind === 'counts' ? reading.minor : null
      if (fact.kind === 'refunded') refunds = refund(refunds, minor, statedMinor ?? 0)
      else statedMinor = minor ?? statedMinor
    }
  }
  const opening = ordered.find((fact) => fact.kind === 'completed') ?? ordered[0]
  // Each refund is bounded, and so is the sum of however many: what adds up orders can count on it.
  const refundedMinor = Math.min(refunds.minor, mostMinor)
  return {
    orderedAt: opening?.at ?? 0,
    currency,
    grossMinor: statedMinor ?? 0,
    statedFree: statedMinor === 0,
    refundedMinor,
    cancelled,
    deliveredAt,
  }
}

/** What an order in this currency leaves uncounted, in order of time. */
export const setAsideOf = (facts: readonly KeptFact[], currency: string | null): readonly SetAside[] => {
  if (currency === null) return []
  const aside = thatCount(facts).flatMap((fact): SetAside[] => {
    const { kind, at } = fact
    if (kind === 'cancelled' || kind === 'delivered') return []
    const reading = readAmountOf(fact, currency)
    return reading.kind === 'aside' ? [{ kind, at, ...reading.aside }] : []
  })
  const first = inTime(facts)[mostFacts]
  return first === undefined ? aside : [...aside, { reason: 'too-many-events', at: first.at }]
}

/**
 * Adds facts, each message once. Kept are those that count and one more, which tells that there were more: the same
 * ones whatever order they arrive in, and however often.
 */
export const addFacts = (known: readonly KeptFact[], fresh: readonly KeptFact[]): readonly KeptFact[] => {
  const ids = new Set(known.map((fact) => fact.messageId))
  const all = [...known, ...fresh.filter((fact) => !ids.has(fact.messageId))]
  return all.length > mostFacts + 1 ? inTime(all).slice(0, mostFacts + 1) : all
}
