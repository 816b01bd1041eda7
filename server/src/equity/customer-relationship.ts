import type { Instant } from '../kernel/index.ts'
import { isKept, type Period, type PersonFacts } from './customer-facts.ts'

/** When she became a customer, was lost and came back: the same for the balance, the statement and the board. */
export interface Relationship {
  /** Null for one who never kept a purchase. */
  readonly firstKeptAt: Instant | null
  /** Those after her first kept purchase, in order: nobody is lost before she was won. */
  readonly lapses: readonly { readonly lostAt: Instant; readonly wonBackAt: Instant | null }[]
}

export const relationshipOf = ({ orders, lapses = [] }: PersonFacts): Relationship => {
  const kept = orders.filter(isKept).map((order) => order.at)
  if (kept.length === 0) return { firstKeptAt: null, lapses: [] }
  const firstKeptAt = kept.reduce((first, at) => Math.min(first, at))
  return {
    firstKeptAt,
    lapses: lapses
      .filter((lapse) => lapse.lostAt > firstKeptAt)
      .map(({ lostAt, wonBackAt }) => {
        const next = kept
          .filter((at) => at > lostAt)
          .reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY)
        return { lostAt, wonBackAt: wonBackAt ?? (next === Number.POSITIVE_INFINITY ? null : next) }
      })
      .sort((a, b) => a.lostAt - b.lostAt),
  }
}

/** Whether she is a customer just before this instant. */
export const isCustomerBefore = ({ firstKeptAt, lapses }: Relationship, at: Instant): boolean =>
  firstKeptAt !== null &&
  firstKeptAt < at &&
  !lapses.some(({ lostAt, wonBackAt }) => lostAt < at && !(wonBackAt !== null && wonBackAt < at))

/**
 * What a period did to a person, by how it found and left her, so that opening + new + won back − lost = closing.
 * `new-and-lost` counts as both; one who left and came back within the period has `stayed`.
 */
export const relationshipMoves = ['new', 'new-and-lost', 'won-back', 'lost', 'stayed', 'none'] as const
export type RelationshipMove = (typeof relationshipMoves)[number]

export const moveIn = (relationship: Relationship, { from, to }: Period): RelationshipMove => {
  if (relationship.firstKeptAt === null || relationship.firstKeptAt >= to) return 'none'
  const opening = isCustomerBefore(relationship, from)
  const closing = isCustomerBefore(relationship, to)
  if (opening) return closing ? 'stayed' : 'lost'
  const isNew = relationship.firstKeptAt >= from
  if (isNew) return closing ? 'new' : 'new-and-lost'
  return closing ? 'won-back' : 'none'
}
