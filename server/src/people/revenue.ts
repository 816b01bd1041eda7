import type { Money } from '@baton/contract'
import { countable } from '../kernel/index.ts'
import type { OrderSum } from './order-store.ts'

/** Kept revenue of a person: gross less refunds, cancelled ones nothing. Null when currencies differ or none is known. */
export const keptRevenue = (sums: readonly OrderSum[]): Money | null => {
  const [only, another] = sums
  if (!only?.currency || another) return null
  return { minor: countable(only.keptMinor), currency: only.currency }
}
