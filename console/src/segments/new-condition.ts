import { type LeafCondition, rule as ruleSchema } from '@baton/contract'
import { viewOf } from './conditions/list.ts'
import type { DraftNode } from './rule-draft.ts'
import { toRule } from './rule-draft.ts'

/** Nodes that still need something: a field is empty, or a group has no condition. */
export const unfinished = (node: DraftNode): readonly string[] => {
  if (node.kind === 'leaf') return isFinished(node.condition) ? [] : [node.id]
  const inside = node.parts.flatMap(unfinished)
  const wanting = node.parts.length === 0 || (node.match === 'at-least' && node.count > node.parts.length)
  return wanting ? [node.id, ...inside] : inside
}

const isFinished = (condition: LeafCondition): boolean =>
  ruleSchema.safeParse(condition).success && filtersDone(condition)

const filtersDone = (condition: LeafCondition): boolean =>
  viewOf(condition.kind)
    .filters(condition)
    .every(
      ({ is, value, values }) =>
        is === 'exists' ||
        is === 'not-exists' ||
        (is === 'in' ? (values ?? []).length > 0 : value !== undefined && value !== ''),
    )

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
