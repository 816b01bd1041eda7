import type { Rule } from '@baton/contract'
import { expect, test } from 'vitest'
import type { PersonId, Position, RuleId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../people/index.ts'
import type { RuleVersion } from './rule-versions.ts'
import { createHistoricOf, toldFacts } from './told-facts.ts'

const ann = 'ann' as PersonId
const subjectId = 'ann' as string as SubjectId
const act = (name: string, historic: boolean, type: PersonEvent['type'] = 'track'): PersonEvent => ({
  messageId: `${name} ${historic}`,
  type,
  name,
  subjectId,
  occurredAt: historic ? 1 : 9,
  receivedAt: 9,
  historic,
  properties: {},
  context: {},
})
const batch = (...events: readonly PersonEvent[]): PeopleBatch => ({
  workspaceId: 'w' as WorkspaceId,
  lane: 'live',
  position: 1 as Position,
  receivedAt: 9,
  events,
  personOf: new Map([[subjectId, ann]]),
  changedPersons: [ann],
  reshapedPersons: [],
  orderIds: [],
})
const version = (ruleKey: string, definition: Rule): RuleVersion => ({
  ruleId: ruleKey as string as RuleId,
  ruleKey,
  version: 1,
  ownerKind: 'segment',
  slot: 0,
  definition,
  state: 'live',
})
const done = (event: string): Rule => ({ kind: 'event-count', event, where: [], is: 'at-least', value: 1 })
const bought = version('bought', done('Order Completed'))
const gold = version('gold', { kind: 'trait', path: 'plan', is: 'equals', value: 'gold' })
const either = version('either', { kind: 'or', of: [{ kind: 'rule', ruleKey: 'bought' }, done('Page Viewed')] })
const historicOf = createHistoricOf([bought, gold, either])

test.each([
  ['nothing of hers', [], [false, false, false]],
  ['an imported order', [act('Order Completed', true)], [true, true, true]],
  ['an order', [act('Order Completed', false)], [false, false, false]],
  [
    'an imported order and a page view of now',
    [act('Order Completed', true), act('Page Viewed', false, 'page')],
    [true, false, false],
  ],
  [
    'an imported order and an order of now',
    [act('Order Completed', false), act('Order Completed', true)],
    [false, false, false],
  ],
  [
    'imported traits and an order of now',
    [act('Order Completed', false), act('Identify', true, 'identify')],
    [false, true, false],
  ],
] as const)('%s', (_, events, expected) => {
  for (const batches of [[batch(...events)], events.map((event) => batch(event)), [batch(...[...events].reverse())]]) {
    const told = toldFacts(batches).get(ann)
    expect([bought, gold, either].map((rule) => historicOf(rule, told))).toEqual(expected)
  }
})
