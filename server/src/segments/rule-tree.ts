import type { LeafCondition, Rule } from '@baton/contract'
import { operatorOf } from './operators/list.ts'

/** Bounds of one rule, checked where it is saved. */
export const mostNodes = 200
export const mostDepth = 10

/** A node of a rule with the way to it: '' is the whole rule, '0' its first part, '0.1' the second part of that. */
export interface RuleNode {
  readonly path: string
  readonly rule: Rule
}

export const isLeaf = (rule: Rule): rule is LeafCondition =>
  rule.kind !== 'and' && rule.kind !== 'or' && rule.kind !== 'not' && rule.kind !== 'at-least'

export const partsOf = (rule: Rule): readonly Rule[] => {
  if (isLeaf(rule)) return []
  return rule.kind === 'not' ? [rule.of] : rule.of
}

export const nodesOf = (rule: Rule, path = ''): readonly RuleNode[] => [
  { path, rule },
  ...partsOf(rule).flatMap((part, index) => nodesOf(part, path === '' ? String(index) : `${path}.${index}`)),
]

export const leavesOf = (rule: Rule): readonly LeafCondition[] =>
  isLeaf(rule) ? [rule] : partsOf(rule).flatMap((part) => leavesOf(part))

/** Keys of the rules this one asks for. */
export const referencesOf = (rule: Rule): ReadonlySet<string> =>
  new Set(leavesOf(rule).flatMap((leaf) => operatorOf(leaf).references?.(leaf) ?? []))

/** What is wrong with a rule by itself, with the path of the part it is about; null when nothing is. */
export const ruleProblem = (rule: Rule): { path: string; message: string } | null => {
  const nodes = nodesOf(rule)
  if (nodes.length > mostNodes)
    return { path: '', message: `A rule has at most ${mostNodes} parts, this one has ${nodes.length}` }
  for (const node of nodes) {
    if (node.path.split('.').length > mostDepth)
      return { path: node.path, message: `Conditions are nested at most ${mostDepth} deep` }
    const message = isLeaf(node.rule) ? operatorOf(node.rule).problem(node.rule) : groupProblem(node.rule)
    if (message !== null) return { path: node.path, message }
  }
  return null
}

const groupProblem = (rule: Exclude<Rule, LeafCondition>): string | null => {
  if (rule.kind === 'not') return null
  if (rule.of.length === 0) return 'A group needs at least one condition'
  if (rule.kind === 'at-least' && rule.count > rule.of.length)
    return `At least ${rule.count} of ${rule.of.length} conditions can never hold`
  return null
}
