import { isDataError } from '../stores/index.ts'
import { isolatePoison } from './isolate-poison.ts'

/** An item that work can't be done with, and what was said about it. */
export interface Poison<T> {
  readonly item: T
  readonly reason: string
}

const longestReason = 500
/** What an error says, as PostgreSQL can keep it. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, longestReason).replaceAll('\0', '')

/**
 * Which items a failed piece of work can't be done with. `trial` does the work on a subset and keeps nothing of it. Throws
 * the error where it is not about data (then it is a matter of trying again), and where the work fails without any item:
 * then it is not they.
 */
export const findPoison = async <T>(
  items: readonly T[],
  error: unknown,
  trial: (subset: readonly T[]) => Promise<unknown>,
): Promise<readonly Poison<T>[]> => {
  if (!isDataError(error)) throw error
  const reasons = new Map<T, string>()
  const fails = async (subset: readonly T[]): Promise<boolean> => {
    try {
      await trial(subset)
      return false
    } catch (failure) {
      if (!isDataError(failure)) throw failure
      for (const item of subset.length === 1 ? subset : []) reasons.set(item, reasonOf(failure))
      return true
    }
  }
  if (await fails([])) throw error
  const poison = await isolatePoison(items, fails)
  return poison.map((item) => ({ item, reason: reasons.get(item) ?? reasonOf(error) }))
}
