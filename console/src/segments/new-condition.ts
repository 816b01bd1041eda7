import { type LeafCondition, rule as ruleSchema } from '@baton/contract'
import type { DraftNode } from './rule-draft.ts'
import { toRule } from './rule-draft.ts'

export const dayMs = 86_400_000

/** The kinds of condition a person picks from, in the order of the menu. */
export const conditionKinds = [
  'event-count',
  'event-sum',
  'event-last',
  'event-after',
  'trait',
  'trait-date',
  'segment',
] as const satisfies readonly LeafCondition['kind'][]
export type ConditionKind = (typeof conditionKinds)[number]

/** A condition as it stands when it is added: what must be said is empty, the rest is the usual case. */
export const newCondition = (kind: ConditionKind): LeafCondition => {
  switch (kind) {
    case 'trait':
      return { kind, path: '', is: 'equals', value: '' }
    case 'trait-date':
      return { kind, path: '', plusMs: 0, is: 'past' }
    case 'event-count':
      return { kind, event: '', where: [], window: { lastMs: 30 * dayMs }, is: 'at-least', value: 1 }
    case 'event-sum':
      return { kind, event: '', where: [], window: { lastMs: 365 * dayMs }, path: '', is: 'at-least', value: 100 }
    case 'event-last':
      return { kind, event: '', where: [], filter: { path: '', is: 'equals', value: '' } }
    case 'event-after':
      return { kind, event: '', than: '' }
    case 'segment':
      return { kind, segmentId: '' }
  }
}

/** Nodes that still need something: a field is empty, or a group has no condition. */
export const unfinished = (node: DraftNode): readonly string[] => {
  if (node.kind === 'leaf') return isFinished(node.condition) ? [] : [node.id]
  const inside = node.parts.flatMap(unfinished)
  const wanting = node.parts.length === 0 || (node.match === 'at-least' && node.count > node.parts.length)
  return wanting ? [node.id, ...inside] : inside
}

const isFinished = (condition: LeafCondition): boolean =>
  ruleSchema.safeParse(condition).success && filtersDone(condition)

const filtersDone = (condition: LeafCondition): boolean => {
  const filters = 'where' in condition ? condition.where : []
  const own = condition.kind === 'event-last' ? [condition.filter] : condition.kind === 'trait' ? [condition] : []
  return [...filters, ...own].every(
    ({ is, value, values }) =>
      is === 'exists' ||
      is === 'not-exists' ||
      (is === 'in' ? (values ?? []).length > 0 : value !== undefined && value !== ''),
  )
}

/** The rule without what is unfinished, for counting while somebody types; null when nothing is left. */
export const countableRule = (root: DraftNode) => {
  const kept = withoutUnfinished(root)
  return kept === null ? null : toRule(kept)
}

const withoutUnfinished = (node: DraftNode): DraftNode | null => {
  if (node.kind === 'leaf') return isFinished(node.condition) ? node : null
  const parts = node.parts.flatMap((part) => withoutUnfinished(part) ?? [])
  if (parts.length === 0 || (node.match === 'at-least' && node.count > parts.length)) return null
  return { ...node, parts }
}
