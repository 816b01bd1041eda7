import { hasSlot, type Words } from './mask.ts'
import type { RuleVersion } from './rule-versions.ts'

export type KeysOf = (words: Words) => ReadonlySet<string>

/** So many kinds of people are known by heart. */
const mostSets = 5_000

/**
 * The keys of the rules that hold by a mask. Equal masks get the very same set, so that what is asked of it is worked out
 * once: people come in far fewer kinds than heads.
 */
export const createKeySets = (rules: readonly RuleVersion[]): KeysOf => {
  const sets = new Map<string, ReadonlySet<string>>()
  return (words) => {
    const mask = words.join()
    const known = sets.get(mask)
    if (known !== undefined) return known
    const keys = new Set(rules.filter(({ slot }) => hasSlot(words, slot)).map(({ ruleKey }) => ruleKey))
    if (sets.size >= mostSets) sets.clear()
    sets.set(mask, keys)
    return keys
  }
}
