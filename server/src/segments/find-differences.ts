import { type Instant, must, type PersonId } from '../kernel/index.ts'
import type { ClickHouse, ClickHouseSettings } from '../stores/index.ts'
import type { RuleQuery, SlottedRule } from './compile-rules.ts'
import { collectConditions, type FoundMask } from './evaluate-masks.ts'
import { hasSlot, noBits, setBit, wordCount } from './mask.ts'
import { findDifferencesAtOnce, findMasks, type MaskDifference, readMasks } from './mask-sql.ts'
import { orderRules } from './order-rules.ts'
import { differenceBetween } from './people-at-hand.ts'
import { type RulePart, splitRules } from './split-rules.ts'

export interface FoundDifferences {
  readonly differences: readonly MaskDifference[]
  /** Each condition that looks at facts once, in the order of the bits of `leaves`. */
  readonly leafConditions: readonly object[]
}

/**
 * Evaluates all rules for some people in ClickHouse and answers with those for whom something is different. Where all rules
 * are too many for one query they are asked part by part, and put together here: then the scope should not be everybody.
 * `most`: conditions of one query; for tests.
 */
export const findDifferences = async (
  clickhouse: ClickHouse,
  rules: readonly SlottedRule[],
  query: RuleQuery,
  settings: ClickHouseSettings = {},
  most?: number,
): Promise<FoundDifferences> => {
  const parts = splitRules(rules, most)
  return parts.length <= 1
    ? findDifferencesAtOnce(clickhouse, rules, query, settings)
    : findInParts(clickhouse, rules, query, settings, parts)
}

/** True: the rules are too many for one query. */
export const takesParts = (rules: readonly SlottedRule[]): boolean => splitRules(rules).length > 1

/** While the parts are asked, one after the other, somebody may come or go: she is left to the tick that is told of it. */
const findInParts = async (
  clickhouse: ClickHouse,
  rules: readonly SlottedRule[],
  query: RuleQuery,
  settings: ClickHouseSettings,
  parts: readonly RulePart[],
): Promise<FoundDifferences> => {
  const order = orderRules(rules)
  if (order.kind !== 'ordered') throw new TypeError(`These rules can't be ordered: ${JSON.stringify(order)}`)
  const { leafConditions } = collectConditions(order.rules.map(({ rule }) => rule))
  const bitOf = new Map(leafConditions.map((leaf, bit) => [JSON.stringify(leaf), bit]))
  const widths = {
    words: wordCount(Math.max(...rules.map(({ slot }) => slot))),
    leaves: wordCount(leafConditions.length - 1),
  }
  const found = new Map<PersonId, { parts: number; words: number[]; leaves: number[]; nextChangeAt: Instant }>()
  for (const part of parts) {
    const { people, leafConditions: asked } = await findMasks(clickhouse, part.rules, query, settings)
    const bits = asked.map((leaf) => must(bitOf.get(JSON.stringify(leaf)), 'a part asks for nothing else'))
    for (const { personId, words, leaves, nextChangeAt } of people) {
      const all = found.get(personId) ?? {
        parts: 0,
        words: noBits(widths.words),
        leaves: noBits(widths.leaves),
        nextChangeAt,
      }
      found.set(personId, all)
      all.parts += 1
      for (const slot of part.own) if (hasSlot(words, slot)) setBit(all.words, slot)
      for (const [index, bit] of bits.entries()) if (hasSlot(leaves, index)) setBit(all.leaves, bit)
      all.nextChangeAt = Math.min(all.nextChangeAt, nextChangeAt)
    }
  }
  const masks = await readMasks(clickhouse, query.workspaceId, query.scope, 'tick')
  const differences = [...new Set([...found.keys(), ...masks.keys()])].flatMap((personId) => {
    const all = found.get(personId)
    if (all !== undefined && all.parts < parts.length) return []
    const now: FoundMask | null = all ?? null
    return differenceBetween(personId, now, masks.get(personId) ?? null) ?? []
  })
  return { differences, leafConditions }
}
