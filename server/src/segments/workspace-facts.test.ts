import type { LeafCondition, Rule } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId, type PersonId, type Position, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { PeopleBatch } from '../people/index.ts'
import { factEvent, properties, ruleOver, testNow } from './arbitrary-rules.test-data.ts'
import { prepareRules } from './evaluate-masks.ts'
import type { FactEvent } from './facts.ts'
import { layoutOf } from './facts-layout.ts'
import { createFactsMemory } from './facts-memory.ts'
import { packEvents, unpackEvents } from './packed-events.ts'
import { ruleProblem } from './rule-tree.ts'
import { createWorkspaceFacts, type WorkspaceFacts } from './workspace-facts.ts'

const at = (live: number, bulk = 0) => ({ live: live as Position, bulk: bulk as Position })

describe('packed events', () => {
  test('say to every rule what the events say', () => {
    const rules = fc.array(ruleOver([]), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(rules, fc.array(factEvent, { maxLength: 8 }), properties, (all, events, traits) => {
        fc.pre(all.every((rule) => ruleProblem(rule) === null))
        const prepared = prepareRules(all.map((rule, slot) => ({ ruleKey: `r${slot}`, rule, slot })))
        const layout = layoutOf(prepared.leafConditions)
        const packed = packEvents(layout, events)
        const again = unpackEvents(layout, packed ?? '')
        expect(prepared.maskOf({ traits, events: again }, testNow)).toEqual(
          prepared.maskOf({ traits, events }, testNow),
        )
        expect(packEvents(layout, again)).toBe(packed)
      }),
      { numRuns: 500 },
    )
  })

  test('stand one after the other, however many and however long', () => {
    const layout = layoutOf([last])
    const long: FactEvent = {
      name: 'Seen',
      occurredAt: 7,
      messageId: 'm'.repeat(60_000),
      properties: { where: '\u{1f600}' },
    }
    const packed = `${packEvents(layout, [long])}${packEvents(layout, [{ ...long, messageId: '', properties: {} }])}`
    expect(unpackEvents(layout, packed)).toEqual([long, { ...long, messageId: '', properties: {} }])
  })
})

const often: LeafCondition = { kind: 'event-count', event: 'Bought', where: [], is: 'at-least', value: 2 }
const last: LeafCondition = {
  kind: 'event-last',
  event: 'Seen',
  where: [],
  filter: { path: 'where', is: 'equals', value: 'home' },
}
const ann = newId<PersonId>()
const layout = layoutOf([often])
const standing = { tick: 3, leaseToken: 1, layout }

const batch = (position: number, names: readonly string[], more: Partial<PeopleBatch> = {}): PeopleBatch => {
  const subjectId = String(ann) as SubjectId
  return {
    workspaceId: newId<WorkspaceId>(),
    lane: 'live',
    position: position as Position,
    receivedAt: position,
    events: names.map((name, index) => ({
      messageId: `${position}-${index}`,
      type: 'track',
      name,
      subjectId,
      occurredAt: position,
      receivedAt: position,
      historic: false,
      properties: {},
      context: {},
    })),
    personOf: new Map([[subjectId, ann]]),
    changedPersons: [ann],
    reshapedPersons: [],
    orderIds: [],
    ...more,
  }
}
const empty = { facts: { traits: {}, events: [] }, mask: null }
const remembering = (): WorkspaceFacts => {
  const facts = createWorkspaceFacts(standing)
  facts.remember(ann, empty, { projected: at(5, 5), tick: 3 })
  return facts
}
const timesOf = (facts: WorkspaceFacts) => facts.find(ann)?.facts?.events.map(({ occurredAt }) => occurredAt)

describe('what is remembered of people', () => {
  test('is what was read and what the feed told after it, each once, in each lane', () => {
    const facts = remembering()
    facts.tell([batch(4, ['Bought']), batch(5, ['Bought']), batch(6, ['Bought', 'Looked', 'Bought'])], at(6))
    facts.tell([batch(6, ['Bought', 'Looked', 'Bought']), batch(8, ['Bought'])], at(8))
    facts.tell([batch(5, ['Bought'], { lane: 'bulk' }), batch(7, ['Bought'], { lane: 'bulk' })], at(8, 7))
    expect(timesOf(facts)).toEqual([6, 6, 8, 7])
  })

  test('is forgotten of somebody who was reshaped, or is no more', () => {
    const facts = remembering()
    facts.tell([batch(6, ['Bought'], { reshapedPersons: [ann] })], at(6))
    expect(facts.has(ann)).toBe(false)
    const others = remembering()
    others.passed(4, [{ personId: ann, words: [], nextChangeAt: 0, gone: true }])
    expect([others.has(ann), others.bytes]).toEqual([false, 0])
  })

  test('is not found while a mask may know more than it', () => {
    const facts = remembering()
    facts.lookedAhead(at(9, 5))
    expect(facts.has(ann)).toBe(false)
    facts.tell([batch(7, ['Bought'])], at(7))
    expect(facts.find(ann)).toBeUndefined()
    facts.tell([batch(9, ['Bought'])], at(9))
    expect(timesOf(facts)).toEqual([7, 9])
    facts.lookedAhead(at(12, 5))
    facts.remember(ann, empty, { projected: at(12, 5), tick: 3 })
    expect(timesOf(facts)).toEqual([])
  })

  test('carries the mask that the last tick wrote', () => {
    const facts = remembering()
    facts.passed(4, [{ personId: ann, words: [5], nextChangeAt: 77, gone: false }])
    expect(facts.find(ann)?.mask).toEqual({ words: [5], nextChangeAt: 77 })
    expect(facts.standing.tick).toBe(4)
  })

  test('stays within its bytes, and who was used lately stays longest', () => {
    const facts = createWorkspaceFacts(standing)
    const people = Array.from({ length: 100 }, () => newId<PersonId>())
    const events: FactEvent[] = [{ name: 'Bought', occurredAt: 1, messageId: '', properties: {} }]
    for (const each of people)
      facts.remember(each, { facts: { traits: {}, events }, mask: null }, { projected: at(1), tick: 3 })
    const whole = facts.bytes
    facts.shrinkTo(whole / 2)
    const left = people.filter((each) => facts.has(each))
    expect(left.length).toBe(50)
    expect(facts.bytes).toBeLessThanOrEqual(whole / 2)
    for (const each of left.slice(0, 10)) facts.find(each)
    facts.shrinkTo(whole / 10)
    expect(people.filter((each) => facts.has(each))).toEqual(left.slice(0, 10))
  })

  test('of somebody with very many events is nothing', () => {
    const facts = remembering()
    facts.tell(
      [
        batch(
          6,
          Array.from({ length: 10_000 }, () => 'Bought'),
        ),
      ],
      at(6),
    )
    expect([facts.has(ann), facts.bytes]).toEqual([false, 0])
  })
})

describe('the memory of all workspaces', () => {
  test('knows nothing after another tick, another lease or another layout', () => {
    const memory = createFactsMemory(1e9)
    const one = newId<WorkspaceId>()
    const rule: Rule = { ...often, event: 'Other' }
    memory.of(one, standing).remember(ann, empty, { projected: at(1), tick: 3 })
    expect(memory.of(one, standing).has(ann)).toBe(true)
    expect(memory.of(one, { ...standing, layout: layoutOf([often]) }).has(ann)).toBe(true)
    for (const change of [{ tick: 4 }, { leaseToken: 2 }, { layout: layoutOf([rule as LeafCondition]) }]) {
      memory.of(one, standing).remember(ann, empty, { projected: at(1), tick: 3 })
      expect(memory.of(one, { ...standing, ...change }).has(ann)).toBe(false)
    }
  })

  test('gives up other workspaces before people of the one at work', () => {
    const memory = createFactsMemory(500)
    const [one, other] = [newId<WorkspaceId>(), newId<WorkspaceId>()]
    const fill = (workspaceId: WorkspaceId) => {
      const facts = memory.of(workspaceId, standing)
      for (let count = 0; count < 2; count += 1) facts.remember(newId<PersonId>(), empty, { projected: at(1), tick: 3 })
      memory.shrink(workspaceId)
      return facts.bytes
    }
    const full = fill(one)
    expect(fill(other)).toBe(full)
    expect(memory.of(one, standing).bytes).toBe(0)
  })
})
