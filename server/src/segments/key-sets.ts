import { hasSlot, type Words } from './mask.ts'
import type { RuleVersion } from './rule-versions.ts'

/** The keys of the rules that hold by a mask. Equal masks get the very same set: people come in far fewer kinds than heads. */
export const createKeySets = (rules: readonly RuleVersion[]): ((words: Words) => ReadonlySet<string>) => {
  const sets = new Map<string, ReadonlySet<string>>()
  return (words) => {
    const mask = words.join()
    const known = sets.get(mask)
    if (known !== undefined) return known
    const keys = new Set(rules.filter(({ slot }) => hasSlot(words, slot)).map(({ ruleKey }) => ruleKey))
    sets.set(mask, keys)
    return keys
  }
}
