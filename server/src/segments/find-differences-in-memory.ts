import type { LeafCondition } from '@baton/contract'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import { askedPaths } from './asked-paths.ts'
import type { SlottedRule } from './compile-rules.ts'
import { evaluateRules } from './evaluate-rule.ts'
import { type Facts, factsAt } from './facts.ts'
import type { Words } from './mask.ts'
import { type MaskDifference, readMasks } from './mask-sql.ts'
import { operatorOf } from './operators/list.ts'
import { orderRules } from './order-rules.ts'
import { readPeopleFacts } from './people-facts-sql.ts'
import { eventNamesOf, leavesOf } from './rule-tree.ts'
import { never } from './sql-scope.ts'

/**
 * Up to so many people a tick looks at their facts in memory instead of asking the one query: whatever the number of
 * people, ClickHouse needs 200 ms of a core to understand a query of twenty rules (measured; no plan is kept), and
 * reading the facts of a few people takes ten. Both ways are equal by property.
 */
export const mostPeopleInMemory = 250

/** As `findDifferences`, for a few people; null when they have too many events to be looked at here. */
export const findDifferencesInMemory = async (
  clickhouse: ClickHouse,
  rules: readonly SlottedRule[],
  query: { workspaceId: WorkspaceId; now: Instant; batch: number; persons: readonly PersonId[] },
): Promise<{ differences: readonly MaskDifference[]; leafConditions: readonly LeafCondition[] } | null> => {
  const leafConditions = distinctLeaves(rules)
  const names = [...new Set(leafConditions.flatMap(eventNamesOf))]
  const [facts, masks] = await Promise.all([
    readPeopleFacts(clickhouse, { ...query, names, ...askedPaths(leafConditions) }),
    readMasks(clickhouse, query.workspaceId, query.persons),
  ])
  if (facts === null) return null
  const differences = query.persons.flatMap((personId) => {
    const known = masks.get(personId)
    const found = facts.get(personId)
    const now = found ? evaluatePerson(rules, leafConditions, found, query.now) : nobody
    const old = known ?? nobody
    const isSame =
      (found !== undefined) === (known !== undefined) &&
      sameWords(now.words, old.words) &&
      now.nextChangeAt === old.nextChangeAt
    if (isSame) return []
    return [
      {
        personId,
        present: found !== undefined,
        known: known !== undefined,
        words: now.words,
        oldWords: old.words,
        leaves: now.leaves,
        nextChangeAt: now.nextChangeAt,
        oldNextChangeAt: old.nextChangeAt,
      },
    ]
  })
  return { differences, leafConditions }
}

const nobody = { words: [], leaves: [], nextChangeAt: 0 } as const

const evaluatePerson = (
  rules: readonly SlottedRule[],
  leafConditions: readonly LeafCondition[],
  facts: Facts,
  now: Instant,
): { words: Words; leaves: Words; nextChangeAt: Instant } => {
  const { answers } = evaluateRules(rules, facts, now)
  const at = factsAt(facts, now)
  const held = rules.filter(({ ruleKey }) => answers.get(ruleKey)?.holds === true).map(({ slot }) => slot)
  const leaves = leafConditions.flatMap((leaf, index) => (operatorOf(leaf).evaluate(leaf, at) ? [index] : []))
  const changes = leafConditions.map((leaf) => operatorOf(leaf).nextChange(leaf, at) ?? never)
  return {
    words: toWords(held, Math.max(-1, ...rules.map(({ slot }) => slot))),
    leaves: toWords(leaves, leafConditions.length - 1),
    nextChangeAt: Math.min(never, ...changes),
  }
}

/** Bits as 32-bit words, as many as the highest possible bit needs. */
const toWords = (bits: readonly number[], highest: number): Words => {
  const words = Array.from({ length: Math.floor(highest / 32) + 1 }, () => 0)
  for (const bit of bits) words[Math.floor(bit / 32)] = ((words[Math.floor(bit / 32)] ?? 0) | (1 << (bit % 32))) >>> 0
  return words
}

const sameWords = (one: Words, other: Words): boolean =>
  one.length === other.length && one.every((word, index) => word === other[index])

/** Conditions that look at facts, each once, in the order in which the one query numbers them. */
const distinctLeaves = (rules: readonly SlottedRule[]): readonly LeafCondition[] => {
  const order = orderRules(rules)
  const ordered = order.kind === 'ordered' ? order.rules : rules
  const leaves = ordered
    .flatMap(({ rule }) => leavesOf(rule))
    .filter((leaf) => operatorOf(leaf).references === undefined)
  return [...new Map(leaves.map((leaf) => [JSON.stringify(leaf), leaf])).values()]
}
