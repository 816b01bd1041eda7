import type { Rule, Trace } from '@baton/contract'
import { exhaustive, type Instant } from '../kernel/index.ts'
import { holds } from './evaluate-rule.ts'
import type { FactsAt } from './facts.ts'
import { operatorOf } from './operators/list.ts'
import type { NameOf } from './operators/operator.ts'
import { isLeaf, partsOf } from './rule-tree.ts'

/** A rule with the answer, what was seen and when it changes at each of its parts: the explanation of one membership. */
export const traceRule = (rule: Rule, facts: FactsAt, nameOf: NameOf, path = ''): Trace => {
  if (isLeaf(rule)) {
    const operator = operatorOf(rule)
    return {
      path,
      kind: rule.kind,
      sentence: operator.sentence(rule, nameOf),
      holds: operator.evaluate(rule, facts),
      saw: operator.saw(rule, facts),
      changesAt: operator.nextChange(rule, facts),
    }
  }
  const parts = partsOf(rule).map((part, index) =>
    traceRule(part, facts, nameOf, path === '' ? String(index) : `${path}.${index}`),
  )
  return {
    path,
    kind: rule.kind,
    sentence: groupSentence(rule),
    holds: holds(rule, facts),
    changesAt: parts.reduce<Instant | null>(
      (least, { changesAt }) => (changesAt !== null && (least === null || changesAt < least) ? changesAt : least),
      null,
    ),
    of: parts,
  }
}

const groupSentence = (rule: Exclude<Rule, Parameters<typeof operatorOf>[0]>): string => {
  switch (rule.kind) {
    case 'and':
      return 'all of these'
    case 'or':
      return 'any of these'
    case 'not':
      return 'not this'
    case 'at-least':
      return `at least ${rule.count} of these`
    default:
      return exhaustive(rule)
  }
}

/** What would have to change for the rule to hold: its failing conditions in words, the shortest way first. */
export const missingOf = (trace: Trace): readonly string[] => {
  if (trace.holds) return []
  const parts = trace.of ?? []
  switch (trace.kind) {
    case 'and':
    case 'at-least':
      return parts.flatMap(missingOf)
    case 'or':
      return [
        parts
          .map((part) => missingOf(part).join(' and '))
          .filter((text) => text !== '')
          .join(', or '),
      ]
    case 'not':
      return parts.map((part) => `no longer: ${part.sentence}`)
    default:
      return [trace.saw === undefined ? trace.sentence : `${trace.sentence} (${trace.saw})`]
  }
}
