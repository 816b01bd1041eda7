import type { JsonObject, ParsedEvent } from '../collect/index.ts'
import type { SubjectId } from '../kernel/index.ts'
import { emptyProfile, type SubjectProfile } from './fold-traits.ts'
import { identifierKey, identifiersOf } from './identifiers.ts'
import type { ResolvedIdentity } from './resolve-identity.ts'

export interface StatedTraits {
  /** Index of the event. */
  readonly index: number
  readonly subjectId: SubjectId
  readonly traits: JsonObject
  readonly at: number
}

/**
 * The `identify` events of an import, by index, that say nothing new: each identifier is known, each trait was stated then
 * or since. A file that comes again after its message ids were forgotten states its addresses again.
 */
export const findRestated = (
  events: readonly ParsedEvent[],
  stated: readonly StatedTraits[],
  known: ReadonlyMap<SubjectId, SubjectProfile>,
  identity: ResolvedIdentity,
): ReadonlySet<number> => {
  const fresh = new Set(identity.newIdentifiers.map(({ identifier }) => identifierKey(identifier)))
  const isOld = ({ index, subjectId, traits, at }: StatedTraits): boolean => {
    const event = events[index]
    if (event?.type !== 'identify' || identifiersOf(event).some((each) => fresh.has(identifierKey(each)))) return false
    const profile = known.get(subjectId) ?? emptyProfile
    return Object.entries(traits).every(([trait, value]) => {
      const since = profile.traitTimes[trait]
      return since !== undefined && (since > at || (since === at && profile.traits[trait] === value))
    })
  }
  return new Set(stated.filter(isOld).map(({ index }) => index))
}
