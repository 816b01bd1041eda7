export interface WaterfallItem {
  readonly id: string
  readonly label: string
  /** A change adds to what stands; a total is drawn from zero; what is not known is a gap with its hint as a word. */
  readonly kind: 'change' | 'total' | 'unknown'
  readonly amount: number
  /** The people or lines behind it. */
  readonly to?: string
  readonly hint?: string
}

export interface WaterfallBar {
  readonly item: WaterfallItem
  readonly from: number
  readonly to: number
  readonly look: 'gain' | 'loss' | 'total' | 'unknown'
}

const lookOf = (item: WaterfallItem): WaterfallBar['look'] => {
  if (item.kind !== 'change') return item.kind
  return item.amount < 0 ? 'loss' : 'gain'
}

/** Each change begins where the last bar ended. */
export const waterfallBars = (items: readonly WaterfallItem[]): readonly WaterfallBar[] => {
  let standing = 0
  return items.map((item) => {
    const from = item.kind === 'total' ? 0 : standing
    standing = item.kind === 'total' ? item.amount : standing + (item.kind === 'unknown' ? 0 : item.amount)
    return { item, from, to: standing, look: lookOf(item) }
  })
}
