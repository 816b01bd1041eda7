import type { PersonId } from '../kernel/index.ts'
import { changedSlots, noBits, setBit, type Words, wordCount } from './mask.ts'
import type { MaskDifference } from './mask-sql.ts'
import type { RuleVersion } from './rule-versions.ts'

/**
 * What a tick may write of what it found. A look at everybody, or a recount's slice, sees people whom this tick is not
 * about, with facts that are in ClickHouse ahead of it: rows of persons stand there before their batch is committed, and a
 * tick takes only so many events. Whose membership would change by them is left to her own tick, which knows when she did it
 * and whether it is historic; of her only the bits of rules that are being counted are taken, for the swap. Who has
 * no mask is new, and left, too, unless no rule is live: then nobody was looked at before. Pure.
 */
export const keepToTick = (
  differences: readonly MaskDifference[],
  persons: ReadonlySet<PersonId>,
  members: readonly Pick<RuleVersion, 'slot'>[],
): readonly MaskDifference[] => {
  if (members.length === 0) return differences
  const memberBits = noBits(wordCount(Math.max(...members.map(({ slot }) => slot))))
  for (const { slot } of members) setBit(memberBits, slot)
  return differences.flatMap((difference) => {
    if (persons.has(difference.personId)) return difference
    const { present, known, words, oldWords, nextChangeAt, oldNextChangeAt } = difference
    if (!present || !known) return []
    const kept = mixed(oldWords, words, memberBits)
    if (changedSlots(kept, words).length === 0) return difference
    return { ...difference, words: kept, nextChangeAt: Math.min(nextChangeAt, oldNextChangeAt) }
  })
}

/** One mask where `bits` are set, the other elsewhere. */
const mixed = (inside: Words, outside: Words, bits: Words): Words =>
  Array.from({ length: Math.max(inside.length, outside.length, bits.length) }, (_, word) => {
    const ofInside = bits[word] ?? 0
    return (((inside[word] ?? 0) & ofInside) | ((outside[word] ?? 0) & ~ofInside)) >>> 0
  })
