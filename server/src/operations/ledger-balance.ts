import type { LedgerState, MessageBalance } from '@baton/contract'

const endStates = ['accepted', 'refused', 'uncertain', 'dropped', 'expired', 'cancelled'] as const

/** Where a message can be: ended in one of six ways, or on its way. */
export const ledgerStates = [...endStates, 'onTheirWay'] as const

/** Messages by where they are, and how many were ever planned. */
export type LedgerCount = Pick<MessageBalance, 'planned' | (typeof ledgerStates)[number]>

export const emptyLedger: LedgerCount = {
  planned: 0,
  accepted: 0,
  refused: 0,
  uncertain: 0,
  dropped: 0,
  expired: 0,
  cancelled: 0,
  onTheirWay: 0,
}

/** I9: planned = accepted + refused + uncertain + dropped + expired + cancelled + those on their way. */
export const balanceOf = (count: LedgerCount): LedgerState => {
  const accounted = endStates.reduce((sum, state) => sum + count[state], 0)
  const { planned, onTheirWay } = count
  return { planned, accounted, onTheirWay, difference: planned - accounted - onTheirWay }
}

export const addLedgers = (a: LedgerCount, b: LedgerCount): LedgerCount => ({
  planned: a.planned + b.planned,
  accepted: a.accepted + b.accepted,
  refused: a.refused + b.refused,
  uncertain: a.uncertain + b.uncertain,
  dropped: a.dropped + b.dropped,
  expired: a.expired + b.expired,
  cancelled: a.cancelled + b.cancelled,
  onTheirWay: a.onTheirWay + b.onTheirWay,
})
