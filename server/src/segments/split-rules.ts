import type { LeafCondition } from '@baton/contract'
import { must } from '../kernel/index.ts'
import type { SlottedRule } from './compile-rules.ts'
import { orderRules } from './order-rules.ts'
import { leavesOf, referencesOf } from './rule-tree.ts'

/** Rules that are asked about in one query. */
export interface RulePart {
  /** Its own rules and those they ask for, directly or not. */
  readonly rules: readonly SlottedRule[]
  /** Slots of its own rules: each rule is one part's own. */
  readonly own: readonly number[]
}

/**
 * Conditions of one query, each of their filters counting as one more. ClickHouse's time to understand a query grows with
 * their square (empty tables: 0.5 s for 200 conditions with a filter, 2.6 s for 1,000, 32 s for 4,000), and beyond some
 * 2,000 it refuses by default.
 */
export const mostConditionsAtOnce = 800

/** Rules in as few parts as hold so many conditions each; one rule is never divided. Pure. */
export const splitRules = (rules: readonly SlottedRule[], most = mostConditionsAtOnce): readonly RulePart[] => {
  const order = orderRules(rules)
  if (order.kind !== 'ordered') throw new TypeError(`These rules can't be ordered: ${JSON.stringify(order)}`)
  const byKey = new Map(rules.map((rule) => [rule.ruleKey, rule]))
  const parts: { rules: Map<string, SlottedRule>; own: number[]; conditions: Map<string, number> }[] = []
  for (const rule of order.rules) {
    const needed = withAsked(rule, byKey)
    const conditions = new Map(needed.flatMap((each) => leavesOf(each.rule).map(weighed)))
    const last = parts.at(-1)
    const part =
      last !== undefined && weightOf(new Map([...last.conditions, ...conditions])) <= most
        ? last
        : { rules: new Map<string, SlottedRule>(), own: [], conditions: new Map<string, number>() }
    if (part !== last) parts.push(part)
    for (const each of needed) part.rules.set(each.ruleKey, each)
    for (const [condition, weight] of conditions) part.conditions.set(condition, weight)
    part.own.push(rule.slot)
  }
  return parts.map((part) => ({ rules: [...part.rules.values()], own: part.own }))
}

const withAsked = (rule: SlottedRule, byKey: ReadonlyMap<string, SlottedRule>): readonly SlottedRule[] => {
  const found = new Map<string, SlottedRule>()
  const visit = (each: SlottedRule): void => {
    if (found.has(each.ruleKey)) return
    found.set(each.ruleKey, each)
    for (const asked of referencesOf(each.rule))
      visit(must(byKey.get(asked), 'ordered rules ask for rules that are there'))
  }
  visit(rule)
  return [...found.values()]
}

const weighed = (leaf: LeafCondition): [condition: string, weight: number] => [
  JSON.stringify(leaf),
  1 + ('where' in leaf ? leaf.where.length : 0),
]
const weightOf = (conditions: ReadonlyMap<string, number>): number =>
  [...conditions.values()].reduce((sum, weight) => sum + weight, 0)
