import type { JsonObject, JsonValue } from '../collect/index.ts'
import type { Instant, SubjectId } from '../kernel/index.ts'

/** What is known of one subject: the newest value of each trait and when it was stated. */
export interface SubjectProfile {
  readonly traits: JsonObject
  readonly traitTimes: { readonly [trait: string]: Instant }
}

export const emptyProfile: SubjectProfile = { traits: {}, traitTimes: {} }
const mostTraits = 500

/**
 * Sets the stated traits that are not older than what is known (a tie goes to the later in the log); null unsets.
 * The 501st trait and further are not kept.
 */
export const foldTraits = (profile: SubjectProfile, stated: JsonObject, at: Instant): SubjectProfile => {
  const traits: Record<string, JsonValue> = { ...profile.traits }
  const traitTimes: Record<string, Instant> = { ...profile.traitTimes }
  let count = Object.keys(traitTimes).length
  for (const [trait, value] of Object.entries(stated)) {
    const known = traitTimes[trait]
    if (known === undefined && count >= mostTraits) continue
    if (known !== undefined && known > at) continue
    if (known === undefined) count += 1
    traitTimes[trait] = at
    if (value === null) delete traits[trait]
    else traits[trait] = value
  }
  return { traits, traitTimes }
}

/** One person's traits from those of all her subjects: the latest statement of each wins, ties go to the greater subject id. */
export const foldPerson = (
  profiles: readonly { subjectId: SubjectId; profile: SubjectProfile }[],
): { traits: JsonObject; traitTimes: { readonly [trait: string]: Instant } } => {
  const traits: Record<string, JsonValue> = {}
  const traitTimes: Record<string, Instant> = {}
  const ordered = [...profiles].sort((a, b) => (a.subjectId < b.subjectId ? -1 : 1))
  for (const { profile } of ordered)
    for (const [trait, at] of Object.entries(profile.traitTimes)) {
      const known = traitTimes[trait]
      if (known !== undefined && known > at) continue
      traitTimes[trait] = at
      const value = profile.traits[trait]
      if (value === undefined) delete traits[trait]
      else traits[trait] = value
    }
  return { traits, traitTimes }
}
