/**
 * What a non-contractual model knows of a customer (Fader, Hardie & Lee 2005): nothing else of her history matters.
 * Times are in the model's unit (days or weeks) since her first purchase.
 */
export interface PurchaseSummary {
  /** Repeat purchases: purchase days after the first. */
  readonly x: number
  /** When the last of them was; 0 without a repeat purchase. */
  readonly tx: number
  /** How long she was observed. */
  readonly T: number
}

/** All customers with one and the same summary. */
export interface SummaryGroup extends PurchaseSummary {
  readonly count: number
}

/** Customers with identical (x, tx, T) behave alike in every formula, so each is computed once. */
export const groupSummaries = (summaries: Iterable<PurchaseSummary>): SummaryGroup[] => {
  const groups = new Map<string, { x: number; tx: number; T: number; count: number }>()
  for (const { x, tx, T } of summaries) {
    const key = `${x} ${tx} ${T}`
    const group = groups.get(key)
    if (group) group.count += 1
    else groups.set(key, { x, tx, T, count: 1 })
  }
  return [...groups.values()]
}

/** Each distinct value once, with the place of every item's value among them: so that logarithms are taken once. */
export const distinct = (values: readonly number[]): { readonly values: number[]; readonly place: Int32Array } => {
  const places = new Map<number, number>()
  const place = new Int32Array(values.length)
  values.forEach((value, i) => {
    const known = places.get(value)
    place[i] = known ?? places.size
    if (known === undefined) places.set(value, places.size)
  })
  return { values: [...places.keys()], place }
}
