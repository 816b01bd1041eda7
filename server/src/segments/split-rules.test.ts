import type { Rule } from '@baton/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ruleOver } from './arbitrary-rules.test-data.ts'
import type { SlottedRule } from './compile-rules.ts'
import { leavesOf, referencesOf } from './rule-tree.ts'
import { splitRules } from './split-rules.ts'

const keys = Array.from({ length: 8 }, (_, index) => `r${index}`)
const rules: fc.Arbitrary<readonly SlottedRule[]> = fc
  .tuple(...keys.map((_, index) => ruleOver(keys.slice(0, index))))
  .map((all) => all.map((rule, index) => ({ ruleKey: keys[index] ?? '', rule, slot: index * 7 })))
const most = fc.integer({ min: 1, max: 30 })

const weightOf = (part: readonly SlottedRule[]): number => {
  const leaves = new Map(
    part.flatMap(({ rule }) => leavesOf(rule).map((leaf) => [JSON.stringify(leaf), leaf] as const)),
  )
  return [...leaves.values()].reduce((sum, leaf) => sum + 1 + ('where' in leaf ? leaf.where.length : 0), 0)
}

test('each rule is one part’s own, stands there with all it asks for, and a part of several rules is not too big', () => {
  fc.assert(
    fc.property(rules, most, (all, bound) => {
      const parts = splitRules(all, bound)
      expect(parts.flatMap(({ own }) => own).sort((a, b) => a - b)).toEqual(all.map(({ slot }) => slot))
      for (const part of parts) {
        const there = new Set(part.rules.map(({ ruleKey }) => ruleKey))
        expect(there.size).toBe(part.rules.length)
        for (const { rule } of part.rules) for (const asked of referencesOf(rule)) expect(there).toContain(asked)
        if (part.own.length > 1) expect(weightOf(part.rules)).toBeLessThanOrEqual(bound)
      }
    }),
  )
})

test('rules of one condition fill their parts', () => {
  const leaf = (value: number): Rule => ({ kind: 'event-count', event: 'Seen', where: [], is: 'at-least', value })
  const all = Array.from({ length: 10 }, (_, slot) => ({ ruleKey: `r${slot}`, slot, rule: leaf(slot) }))
  expect(splitRules(all, 4).map(({ own }) => own)).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ])
  expect(splitRules([], 4)).toEqual([])
})
