import { expect, test } from 'vitest'
import type { JsonObject, ParsedEvent } from '../collect/index.ts'
import { newId, type SubjectId } from '../kernel/index.ts'
import { findRestated } from './find-restated.ts'
import type { Identifier } from './identifiers.ts'

const subjectId = newId<SubjectId>()
const at = 1_000
const known = new Map([[subjectId, { traits: { email: 'ann@x.org' }, traitTimes: { email: at } }]])

const isRestated = (said: { traits: JsonObject; at: number; type?: 'identify' | 'group'; fresh?: Identifier[] }) => {
  const event: ParsedEvent = {
    kind: 'event',
    messageId: 'm',
    type: said.type ?? 'identify',
    name: 'identify',
    userId: 'ann',
    anonymousId: null,
    otherId: null,
    occurredAt: said.at,
    receivedAt: said.at,
    historic: true,
    properties: said.traits,
    context: {},
  }
  const newIdentifiers = (said.fresh ?? []).map((identifier) => ({ identifier, subjectId, firstSeenAt: at }))
  const none = { newSubjects: [], merges: [], conflicts: [], persons: new Map() }
  const identity = { ...none, subjectOfEvent: [subjectId], newIdentifiers }
  return findRestated([event], [{ index: 0, subjectId, traits: said.traits, at: said.at }], known, identity).has(0)
}

test('an import says nothing new where all of it was said at that time, or something of it since', () => {
  expect(isRestated({ traits: { email: 'ann@x.org' }, at })).toBe(true)
  expect(isRestated({ traits: { email: 'old@x.org' }, at: at - 1 })).toBe(true)
})

test('it does with a newer statement, another value of the same time, a trait or an identifier nobody knew', () => {
  expect(isRestated({ traits: { email: 'ann@x.org' }, at: at + 1 })).toBe(false)
  expect(isRestated({ traits: { email: 'eve@x.org' }, at })).toBe(false)
  expect(isRestated({ traits: { email: 'ann@x.org', plan: 'gold' }, at })).toBe(false)
  expect(isRestated({ traits: { email: 'ann@x.org' }, at, fresh: [{ kind: 'email', value: 'ann@x.org' }] })).toBe(false)
  expect(isRestated({ traits: { email: 'ann@x.org' }, at, type: 'group' })).toBe(false)
})
