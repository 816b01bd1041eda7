/**
 * Finds the items that make work fail, by halves: an item is poison when the work fails with it alone. Where items fail
 * only together, all of the smallest failing group are named, so that the rest can go on. `fails` tries the work on a
 * subset without keeping anything.
 */
export const isolatePoison = async <T>(
  items: readonly T[],
  fails: (subset: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> => {
  if (items.length === 0 || !(await fails(items))) return []
  if (items.length === 1) return items
  const middle = items.length >>> 1
  const left = await isolatePoison(items.slice(0, middle), fails)
  const right = await isolatePoison(items.slice(middle), fails)
  const found = [...left, ...right]
  if (found.length === 0) return items
  const rest = items.filter((item) => !found.includes(item))
  // Items that fail only together can't be told apart.
  return (await fails(rest)) ? items : found
}
