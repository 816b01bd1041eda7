import type { Rule } from '@baton/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addPart, changeNode, duplicateNode, newGroup, newLeaf, toDraft, toRule } from './rule-draft.ts'

const leaf = (path: string): Rule => ({ kind: 'trait', path, is: 'exists' })

const anyLeaf = fc.constantFrom('plan', 'email', 'country').map(leaf)
const anyRule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule; group: Rule }>((tie) => ({
  rule: fc.oneof({ depthSize: 'small' }, anyLeaf, tie('group')),
  group: fc.oneof(
    fc.array(tie('rule'), { minLength: 1, maxLength: 4 }).map((of): Rule => ({ kind: 'and', of })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 4 }).map((of): Rule => ({ kind: 'or', of })),
    fc.array(tie('rule'), { minLength: 2, maxLength: 4 }).map((of): Rule => ({ kind: 'at-least', count: 2, of })),
    tie('rule').map((of): Rule => ({ kind: 'not', of })),
  ),
})).group

const holds = (rule: Rule, known: ReadonlySet<string>): boolean => {
  switch (rule.kind) {
    case 'and':
      return rule.of.every((part) => holds(part, known))
    case 'or':
      return rule.of.some((part) => holds(part, known))
    case 'at-least':
      return rule.of.filter((part) => holds(part, known)).length >= rule.count
    case 'not':
      return !holds(rule.of, known)
    default:
      return rule.kind === 'trait' && known.has(rule.path)
  }
}

test('a rule means the same after it was opened in the builder and saved', () => {
  fc.assert(
    fc.property(anyRule, fc.subarray(['plan', 'email', 'country']), (rule, known) => {
      expect(holds(toRule(toDraft(rule)).rule, new Set(known))).toBe(holds(rule, new Set(known)))
    }),
  )
})

test('the path of every node leads to it in the rule', () => {
  const at = (rule: Rule, path: string): Rule | undefined => {
    if (path === '') return rule
    const [first, ...rest] = path.split('.')
    const of = 'of' in rule ? rule.of : []
    const part = Array.isArray(of) ? of[Number(first)] : of
    return part === undefined ? undefined : at(part, rest.join('.'))
  }
  fc.assert(
    fc.property(anyRule, (rule) => {
      const placed = toRule(toDraft(rule))
      for (const path of placed.paths.values()) expect(at(placed.rule, path)).toBeDefined()
    }),
  )
})

test('a condition is added, negated, copied and taken out', () => {
  const root = newGroup()
  const first = newLeaf({ kind: 'trait', path: 'plan', is: 'exists' })
  const added = addPart(root, root.id, first)
  const negated = changeNode(added, first.id, (node) => ({ ...node, negated: true }))
  expect(toRule(negated).rule).toEqual({ kind: 'and', of: [{ kind: 'not', of: leaf('plan') }] })
  expect(toRule(negated).paths.get(first.id)).toBe('0')
  const doubled = duplicateNode(negated, first.id)
  expect(doubled.parts.map(({ negated }) => negated)).toEqual([true, true])
  expect(new Set(doubled.parts.map(({ id }) => id)).size).toBe(2)
  expect(changeNode(doubled, first.id, () => null).parts).toHaveLength(1)
})
