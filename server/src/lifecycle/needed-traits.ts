import type { LifeCycleDefinition } from '@baton/contract'
import { replaceBegunTrack } from './begun-track.ts'
import { identity } from './default-tracks.ts'

/** The same life cycle with other traits to be Known by; null where the identity track is no longer the one it began as. */
export const withNeededTraits = (
  definition: LifeCycleDefinition,
  neededTraits: readonly string[],
): LifeCycleDefinition | null => {
  const changed = replaceBegunTrack(definition, identity(definition.neededTraits), identity(neededTraits))
  return changed === null ? null : { ...changed, neededTraits: [...neededTraits] }
}
