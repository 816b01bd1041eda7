import type { Instant, PersonId } from '../kernel/index.ts'

/**
 * An order as it stands now: net of refunds and cancellations. It is a *kept purchase* while something of it is kept;
 * one that cost nothing from the start, as was stated, is a purchase, too (as in the papers on CDNOW).
 */
export interface OrderFact {
  readonly at: Instant
  readonly netMinor: number
  readonly isFree?: boolean
  readonly currency: string
}

/** From becoming lost to being won back. Where the second is not given, the next kept purchase is. */
export interface Lapse {
  readonly lostAt: Instant
  readonly wonBackAt?: Instant | null
}

export interface PersonFacts {
  readonly personId: PersonId
  readonly orders: readonly OrderFact[]
  readonly lapses?: readonly Lapse[]
}

export const costKinds = ['acquisition', 'servicing'] as const
export type CostKind = (typeof costKinds)[number]

export interface CostFact {
  readonly at: Instant
  readonly amountMinor: number
  readonly currency: string
  readonly kind: CostKind
  readonly phase?: string | null
  readonly channel?: string | null
  readonly partner?: string | null
}

/** From `from` up to, not including, `to`. */
export interface Period {
  readonly from: Instant
  readonly to: Instant
}

export const isKept = (order: OrderFact): boolean => order.netMinor > 0 || order.isFree === true

export const isWithin = ({ from, to }: Period, at: Instant): boolean => at >= from && at < to
