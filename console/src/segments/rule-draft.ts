import type { LeafCondition, Rule } from '@baton/contract'

/**
 * A rule while it is edited: every node has an id that outlives edits, negation is a switch on the node, and conditions
 * may be unfinished. `toRule` makes the rule of it and says where each node went.
 */
export type MatchMode = 'all' | 'any' | 'at-least'

export interface DraftGroup {
  readonly id: string
  readonly kind: 'group'
  readonly match: MatchMode
  /** For `at-least`. */
  readonly count: number
  readonly negated: boolean
  readonly parts: readonly DraftNode[]
}
export interface DraftLeaf {
  readonly id: string
  readonly kind: 'leaf'
  readonly negated: boolean
  readonly condition: LeafCondition
}
export type DraftNode = DraftGroup | DraftLeaf

let made = 0
const newId = (): string => `n${++made}`

export const newGroup = (parts: readonly DraftNode[] = [], match: MatchMode = 'all'): DraftGroup => ({
  id: newId(),
  kind: 'group',
  match,
  count: 2,
  negated: false,
  parts,
})

export const newLeaf = (condition: LeafCondition): DraftLeaf => ({
  id: newId(),
  kind: 'leaf',
  negated: false,
  condition,
})

/** What the builder begins with: one group, whatever the rule's outermost node is. */
export const toDraft = (rule: Rule): DraftGroup => {
  const node = nodeOf(rule)
  return node.kind === 'group' ? node : newGroup([node])
}

const nodeOf = (rule: Rule): DraftNode => {
  switch (rule.kind) {
    case 'and':
      return newGroup(rule.of.map(nodeOf), 'all')
    case 'or':
      return newGroup(rule.of.map(nodeOf), 'any')
    case 'at-least':
      return { ...newGroup(rule.of.map(nodeOf), 'at-least'), count: rule.count }
    case 'not': {
      const inner = nodeOf(rule.of)
      // Not not: a group around it keeps both.
      return inner.negated ? { ...newGroup([inner]), negated: true } : { ...inner, negated: true }
    }
    default:
      return newLeaf(rule)
  }
}

export interface PlacedRule {
  readonly rule: Rule
  /** Draft node → path in the rule, as the preview's counts name it. */
  readonly paths: ReadonlyMap<string, string>
}

const below = (path: string, index: number): string => (path === '' ? String(index) : `${path}.${index}`)

/** The outermost group stays a group even with one part, so that the draft and the rule keep their shape. */
export const toRule = (draft: DraftNode): PlacedRule => {
  const paths = new Map<string, string>()
  const place = (node: DraftNode, path: string): Rule => {
    paths.set(node.id, path)
    const inner = node.negated ? below(path, 0) : path
    const positive = node.kind === 'leaf' ? node.condition : groupRule(node, inner)
    return node.negated ? { kind: 'not', of: positive } : positive
  }
  const groupRule = (group: DraftGroup, path: string): Rule => {
    const of = group.parts.map((part, index) => place(part, below(path, index)))
    if (group.match === 'at-least') return { kind: 'at-least', count: group.count, of }
    return { kind: group.match === 'all' ? 'and' : 'or', of }
  }
  return { rule: place(draft, ''), paths }
}

/** The same tree with one node changed; `null` takes it out. */
export const changeNode = (root: DraftGroup, id: string, change: (node: DraftNode) => DraftNode | null): DraftGroup => {
  const visit = (node: DraftNode): DraftNode | null => {
    if (node.id === id) return change(node)
    if (node.kind === 'leaf') return node
    const parts = node.parts.flatMap((part) => visit(part) ?? [])
    return parts.length === node.parts.length && parts.every((part, index) => part === node.parts[index])
      ? node
      : { ...node, parts }
  }
  const changed = visit(root)
  return changed?.kind === 'group' ? changed : root
}

export const addPart = (root: DraftGroup, groupId: string, part: DraftNode): DraftGroup =>
  changeNode(root, groupId, (node) => (node.kind === 'group' ? { ...node, parts: [...node.parts, part] } : node))

/** A copy with ids of its own. */
export const copyNode = (node: DraftNode): DraftNode =>
  node.kind === 'leaf' ? { ...node, id: newId() } : { ...node, id: newId(), parts: node.parts.map(copyNode) }

export const duplicateNode = (root: DraftGroup, id: string): DraftGroup => {
  const visit = (group: DraftGroup): DraftGroup => ({
    ...group,
    parts: group.parts.flatMap((part) => {
      const kept = part.kind === 'group' ? visit(part) : part
      return part.id === id ? [kept, copyNode(part)] : [kept]
    }),
  })
  return visit(root)
}
