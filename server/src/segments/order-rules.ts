import type { Rule } from '@baton/contract'
import { referencesOf } from './rule-tree.ts'

/** A rule with the key by which others ask for it. */
export interface KeyedRule {
  readonly ruleKey: string
  readonly rule: Rule
}

export type RuleOrder<R extends KeyedRule> =
  | { readonly kind: 'ordered'; readonly rules: readonly R[] }
  /** The keys go round: each asks for the next, the last is the first. */
  | { readonly kind: 'cycle'; readonly ruleKeys: readonly string[] }
  | { readonly kind: 'missing'; readonly ruleKey: string; readonly askedBy: string }

/** Rules in an order in which each stands after those it asks for; equal inputs give equal orders. */
export const orderRules = <R extends KeyedRule>(rules: readonly R[]): RuleOrder<R> => {
  const byKey = new Map(rules.map((rule) => [rule.ruleKey, rule]))
  const done = new Set<string>()
  const ordered: R[] = []
  const visit = (rule: R, way: readonly string[]): Exclude<RuleOrder<R>, { kind: 'ordered' }> | null => {
    if (done.has(rule.ruleKey)) return null
    const seen = way.indexOf(rule.ruleKey)
    if (seen >= 0) return { kind: 'cycle', ruleKeys: [...way.slice(seen), rule.ruleKey] }
    for (const ruleKey of [...referencesOf(rule.rule)].sort()) {
      const asked = byKey.get(ruleKey)
      if (asked === undefined) return { kind: 'missing', ruleKey, askedBy: rule.ruleKey }
      const problem = visit(asked, [...way, rule.ruleKey])
      if (problem !== null) return problem
    }
    done.add(rule.ruleKey)
    ordered.push(rule)
    return null
  }
  for (const rule of rules) {
    const problem = visit(rule, [])
    if (problem !== null) return problem
  }
  return { kind: 'ordered', rules: ordered }
}
