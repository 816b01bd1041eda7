import type { Rule } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PersonId, RuleId } from '../kernel/index.ts'
import { decodeMasks, encodeMasks, hasSlot } from './mask.ts'
import { orderRules } from './order-rules.ts'
import { ruleProblem } from './rule-tree.ts'
import { planPut, planRetire, type RuleVersion, slottedRules } from './rule-versions.ts'

const leaf: Rule = { kind: 'trait', path: 'plan', is: 'equals', value: 'pro' }
const asks = (ruleKey: string): Rule => ({ kind: 'not', of: { kind: 'rule', ruleKey } })
const version = (ruleKey: string, definition: Rule, more: Partial<RuleVersion> = {}): RuleVersion => ({
  ruleId: ruleKey as RuleId,
  ruleKey,
  version: 1,
  ownerKind: 'segment',
  slot: 0,
  definition,
  state: 'live',
  ...more,
})
const put = (ruleKey: string, rule: Rule) => ({ ruleKey, ownerKind: 'segment' as const, rule })

describe('saving a rule', () => {
  const versions = [version('a', leaf), version('b', asks('a'), { slot: 1 }), version('c', leaf, { slot: 2 })]
  const newest = new Map([
    ['a', 1],
    ['b', 4],
    ['c', 1],
  ])

  test('gives a new version to it and to those that ask for it, in free slots', () => {
    const plan = planPut(versions, [put('a', { ...leaf, value: 'basic' })], newest)
    expect(plan).toMatchObject({
      kind: 'changed',
      dropped: [],
      added: [
        { ruleKey: 'a', version: 2, slot: 3, state: 'counting' },
        { ruleKey: 'b', version: 5, slot: 4, definition: asks('a') },
      ],
    })
  })

  test('changes nothing when it says the same, whatever the order of its fields', () => {
    expect(planPut(versions, [put('a', { value: 'pro', is: 'equals', path: 'plan', kind: 'trait' })], newest)).toEqual({
      kind: 'unchanged',
    })
  })

  test('replaces a version that is still being counted, and takes its slot again', () => {
    const counting = version('a', { ...leaf, value: 'x' }, { version: 2, slot: 3, state: 'counting' })
    const plan = planPut([...versions, counting], [put('a', { ...leaf, value: 'y' })], new Map([['a', 2]]))
    expect(plan).toMatchObject({
      kind: 'changed',
      dropped: [counting],
      added: [{ version: 3, slot: 3 }, { ruleKey: 'b' }],
    })
  })

  test('refuses a circle, naming it, and one that asks for what is not there', () => {
    expect(planPut(versions, [put('a', asks('b'))], newest)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/a → b → a/),
    })
    expect(planPut(versions, [put('d', asks('x'))], newest)).toMatchObject({ kind: 'refused' })
    expect(planPut(versions, [put('d', asks('d'))], newest)).toMatchObject({ kind: 'refused' })
  })

  test('counting versions ask for counting ones, live ones for live ones', () => {
    const next = version('a', { ...leaf, value: 'x' }, { version: 2, slot: 3, state: 'counting' })
    const follower = version('b', asks('a'), { version: 2, slot: 4, state: 'counting' })
    const rules = slottedRules([...versions, next, follower])
    expect(rules.find(({ ruleKey }) => ruleKey === 'b#1')?.rule).toEqual(asks('a#1'))
    expect(rules.find(({ ruleKey }) => ruleKey === 'b#2')?.rule).toEqual(asks('a#2'))
  })

  test('a rule that others ask for stays until they go with it', () => {
    expect(planRetire(versions, ['a'])).toEqual({ kind: 'refused', askedBy: ['b'] })
    expect(planRetire(versions, ['a', 'b'])).toMatchObject({
      kind: 'retire',
      retiring: [{ ruleKey: 'a' }, { ruleKey: 'b' }],
    })
  })
})

test('a rule says what is wrong with it and where', () => {
  expect(ruleProblem({ kind: 'and', of: [leaf, { kind: 'trait', path: 'a..b', is: 'exists' }] })).toMatchObject({
    path: '1',
  })
  expect(ruleProblem({ kind: 'trait', path: "x') --", is: 'exists' })?.message).toMatch(/can't be asked for/)
  expect(ruleProblem({ kind: 'at-least', count: 3, of: [leaf] })?.message).toMatch(/can never hold/)
  expect(ruleProblem({ kind: 'or', of: [] })).not.toBeNull()
  expect(ruleProblem({ kind: 'trait', path: 'plan', is: 'greater', value: true })).not.toBeNull()
  let deep: Rule = leaf
  for (let depth = 0; depth < 12; depth += 1) deep = { kind: 'not', of: deep }
  expect(ruleProblem(deep)?.message).toMatch(/nested/)
})

test('rules are ordered after those they ask for', () => {
  const order = orderRules([put('b', asks('a')), put('a', leaf)])
  expect(order.kind === 'ordered' && order.rules.map(({ ruleKey }) => ruleKey)).toEqual(['a', 'b'])
})

test('masks survive their bytes', () => {
  const mask = fc.record({
    personId: fc.uuid().map((id) => id as PersonId),
    words: fc.array(fc.nat(0xffff_ffff), { minLength: 3, maxLength: 3 }),
    nextChangeAt: fc.oneof(fc.nat(), fc.constant(9_000_000_000_000_000)),
    gone: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(mask), (rows) => {
      expect(decodeMasks(encodeMasks(rows))).toEqual(rows)
    }),
  )
  expect([hasSlot([0, 0x8000_0000], 63), hasSlot([0], 63)]).toEqual([true, false])
})
