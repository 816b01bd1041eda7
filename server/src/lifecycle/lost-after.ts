import type { LifeCycleDefinition, RepurchaseGaps } from '@baton/contract'
import { replaceBegunTrack } from './begun-track.ts'
import { conversion } from './default-tracks.ts'

/** Fewer gaps say little of how people buy. */
const leastGaps = 30

/**
 * After how many days without an order somebody is lost, by the business's own repurchase gaps: when 90 % of those who
 * ever bought again had done so. Null while there are fewer than 30 gaps, or where the history is not twice as long:
 * the long gaps of a young shop have not ended yet.
 */
export const suggestLostAfter = ({ gaps, p90, historyDays }: RepurchaseGaps): number | null =>
  p90 === null || gaps < leastGaps || historyDays < 2 * p90 ? null : Math.max(1, p90)

/** The same life cycle with another number of days; null where the conversion track is no longer the one it began as. */
export const withLostAfter = (definition: LifeCycleDefinition, lostAfterDays: number): LifeCycleDefinition | null => {
  const changed = replaceBegunTrack(definition, conversion(definition.lostAfterDays), conversion(lostAfterDays))
  return changed === null ? null : { ...changed, lostAfterDays }
}
