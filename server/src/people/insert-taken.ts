import { findPoison, type Poison } from '../jobs/index.ts'

/**
 * Inserts what the store takes of these items, and answers what it refuses: found by trials, which insert, too. `undo` takes
 * out what they left, where standing twice does harm.
 */
export const insertTaken = async <T>(
  items: readonly T[],
  insert: (items: readonly T[], isTrial: boolean) => Promise<void>,
  undo: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly Poison<T>[]> => {
  try {
    await insert(items, false)
    return []
  } catch (error) {
    const poison = await findPoison(items, error, (subset) => insert(subset, true))
    const refused = new Set(poison.map(({ item }) => item))
    await undo()
    await insert(
      items.filter((item) => !refused.has(item)),
      true,
    )
    return poison
  }
}
