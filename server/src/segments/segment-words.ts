import { leafCondition, propertyFilter, type Rule, rule as ruleSchema } from '@baton/contract'
import type { VersionWords } from '../workspaces/index.ts'
import { operatorOf } from './operators/list.ts'
import { segmentIdOf } from './rule-key.ts'
import { isLeaf } from './rule-tree.ts'
import { filterSentence } from './sentences.ts'

const groups: Readonly<Record<string, string>> = {
  and: 'all of these',
  or: 'any of these',
  not: 'not this',
  'at-least': 'at least so many of these',
}

/** A rule in one sentence, groups in brackets. */
export const ruleText = (rule: Rule, nameOf: (segmentId: string) => string): string => {
  if (isLeaf(rule)) return operatorOf(rule).sentence(rule, (key) => nameOf(segmentIdOf(key) ?? key))
  if (rule.kind === 'not') return `not (${ruleText(rule.of, nameOf)})`
  const parts = rule.of.map((part) => ruleText(part, nameOf))
  if (rule.kind === 'at-least') return `at least ${rule.count} of (${parts.join('; ')})`
  return `(${parts.join(rule.kind === 'and' ? ' and ' : ' or ')})`
}

/** How the versions of a segment are told apart: condition by condition. */
export const segmentWords = (nameOf: (segmentId: string) => string): VersionWords => ({
  labels: {
    name: 'Name',
    description: 'Description',
    rule: 'Rule',
    of: 'Conditions',
    kind: 'Who is meant',
    count: 'At least',
  },
  isWhole: (value) => leafCondition.safeParse(value).success,
  nameOf: (_, index) => `Condition ${index + 1}`,
  say: (value, key) => {
    if (key === 'kind' && typeof value === 'string') return groups[value] ?? value
    return conditionText(value, nameOf)
  },
})

/** A condition, group or filter in words; null: it is none. */
export const conditionText = (value: unknown, nameOf: (segmentId: string) => string): string | null => {
  const filter = propertyFilter.safeParse(value)
  const read = ruleSchema.safeParse(value)
  if (read.success) return ruleText(read.data, nameOf)
  return filter.success ? filterSentence(filter.data) : null
}
