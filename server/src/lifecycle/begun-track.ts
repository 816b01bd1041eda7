import { isDeepStrictEqual } from 'node:util'
import type { LifeCycleDefinition, TrackDefinition } from '@baton/contract'

/** One track replaced by another, if it still is as it began; null where somebody changed it: her rules are not overwritten. */
export const replaceBegunTrack = (
  definition: LifeCycleDefinition,
  begun: TrackDefinition,
  next: TrackDefinition,
): LifeCycleDefinition | null => {
  const former = definition.tracks.find(({ track }) => track === begun.track)
  if (!isDeepStrictEqual(former, begun)) return null
  return { ...definition, tracks: definition.tracks.map((track) => (track === former ? next : track)) }
}
