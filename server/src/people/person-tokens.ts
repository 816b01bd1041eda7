import type { JsonObject } from '../collect/index.ts'
import type { Identifier } from './identifiers.ts'

const mostTokensPerText = 8

/** Lower-case words of a text, for look-up by beginning; marks and case are folded. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}@._+-]+/u)
    .filter((word) => word.length > 1 && word.length <= 100)
    .slice(0, mostTokensPerText)

/** What staff may type to find her: her user id and addresses whole, an address also by its parts. */
export const tokensOfIdentifier = (identifier: Identifier): readonly string[] => {
  if (identifier.kind === 'anonymousId') return []
  if (identifier.kind !== 'email') return [identifier.value.toLowerCase().slice(0, 100)]
  return [identifier.value.slice(0, 100), ...identifier.value.split(/[@.+_-]/).filter((part) => part.length > 2)]
}

const nameTraits = ['name', 'firstName', 'lastName', 'first_name', 'last_name', 'company'] as const

export const tokensOfTraits = (traits: JsonObject): readonly string[] =>
  nameTraits.flatMap((trait) => {
    const value = traits[trait]
    return typeof value === 'string' ? wordsOf(value) : []
  })
