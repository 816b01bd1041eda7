import type { Consent, Preferences } from '@baton/contract'
import { noPreferences } from './default-settings.ts'

/**
 * Over the subjects of one person the stricter holds: a refusal by any of them wins over what another agreed to, then
 * the newest; preferences add up. Statements made after a merge are written to every subject, so she can change her mind.
 */
export const combineConsents = (newestOfSubjects: readonly Consent[]): readonly Consent[] => {
  const byPurpose = new Map<string, Consent>()
  for (const one of newestOfSubjects) {
    const other = byPurpose.get(one.purpose)
    byPurpose.set(one.purpose, other ? stricter(one, other) : one)
  }
  return [...byPurpose.values()]
}

const stricter = (one: Consent, other: Consent): Consent => {
  if (one.given !== other.given) return one.given ? other : one
  return one.at >= other.at ? one : other
}

export const combinePreferences = (ofSubjects: readonly Preferences[]): Preferences =>
  ofSubjects.reduce(
    (all, one) => ({
      topicsOff: [...new Set([...all.topicsOff, ...one.topicsOff])].sort(),
      channelsOff: [...new Set([...all.channelsOff, ...one.channelsOff])],
      unsubscribedAll: all.unsubscribedAll || one.unsubscribedAll,
      pausedUntil: stricterOf(all.pausedUntil, one.pausedUntil, Math.max),
      weeklyLimit: stricterOf(all.weeklyLimit, one.weeklyLimit, Math.min),
    }),
    noPreferences,
  )

const stricterOf = (a: number | null, b: number | null, of: (a: number, b: number) => number): number | null =>
  a === null ? b : b === null ? a : of(a, b)
