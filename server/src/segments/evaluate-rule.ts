import type { Rule } from '@baton/contract'
import { exhaustive, type Instant } from '../kernel/index.ts'
import { type Facts, type FactsAt, factsAt, type RuleAnswer } from './facts.ts'
import { operatorOf } from './operators/list.ts'
import { type KeyedRule, orderRules } from './order-rules.ts'
import { isLeaf, leavesOf } from './rule-tree.ts'

/** Whether a rule holds of one person's facts, and when that may change with no new fact. */
export const evaluateRule = (
  rule: Rule,
  facts: Facts,
  now: Instant,
  answerOf?: (ruleKey: string) => RuleAnswer,
): RuleAnswer => answerFor(rule, factsAt(facts, now, answerOf))

const answerFor = (rule: Rule, facts: FactsAt): RuleAnswer => ({
  holds: holds(rule, facts),
  nextChangeAt: earliest(leavesOf(rule).map((leaf) => operatorOf(leaf).nextChange(leaf, facts))),
})

export const holds = (rule: Rule, facts: FactsAt): boolean => {
  if (isLeaf(rule)) return operatorOf(rule).evaluate(rule, facts)
  switch (rule.kind) {
    case 'and':
      return rule.of.every((part) => holds(part, facts))
    case 'or':
      return rule.of.some((part) => holds(part, facts))
    case 'not':
      return !holds(rule.of, facts)
    case 'at-least':
      return rule.of.filter((part) => holds(part, facts)).length >= rule.count
    default:
      return exhaustive(rule)
  }
}

/** All rules of a workspace for one person: each by its key. Rules that can't be ordered are a bug of who saved them. */
export const evaluateRules = (
  rules: readonly KeyedRule[],
  facts: Facts,
  now: Instant,
): { answers: ReadonlyMap<string, RuleAnswer>; factsAt: FactsAt } => {
  const order = orderRules(rules)
  if (order.kind !== 'ordered') throw new TypeError(`These rules can't be ordered: ${JSON.stringify(order)}`)
  const answers = new Map<string, RuleAnswer>()
  const at = factsAt(facts, now, (ruleKey) => answers.get(ruleKey) ?? { holds: false, nextChangeAt: null })
  for (const { ruleKey, rule } of order.rules) answers.set(ruleKey, answerFor(rule, at))
  return { answers, factsAt: at }
}

const earliest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((least, at) => (at !== null && (least === null || at < least) ? at : least), null)
