import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestMessaging, testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import type { JsonObject } from '../collect/index.ts'
import { brandAs, must, type Position, type SubjectId } from '../kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../people/index.ts'
import { createPolicyStage } from './index.ts'

const stores = await testStores()
let m: TestMessaging
beforeAll(async () => {
  m = await testMessaging(stores)
})
afterAll(() => m.close())

let at = 1000
const event = (
  subjectId: SubjectId,
  name: string,
  properties: JsonObject = {},
  change: Partial<PersonEvent> = {},
): PersonEvent => {
  at += 1
  return {
    messageId: `e${at}`,
    type: 'track',
    name,
    subjectId,
    occurredAt: at,
    receivedAt: at,
    historic: false,
    properties,
    context: {},
    ...change,
  }
}
const take = async (...events: PersonEvent[]) => {
  at += 1
  const position = brandAs<Position>(at)
  const batch: PeopleBatch = {
    workspaceId: m.workspaceId,
    lane: 'live',
    position,
    receivedAt: at,
    events,
    personOf: new Map(),
    changedPersons: [],
    reshapedPersons: [],
    orderIds: [],
  }
  const feed = { after: async (_w: unknown, _l: unknown, from: Position) => (from < position ? [batch] : []) }
  const stage = createPolicyStage({ postgres: stores.postgres, clock: m.clock, feed: feed as never })
  const turn = {
    workspaceId: m.workspaceId,
    lane: 'live',
    now: at,
    lease: m.lease,
    signal: new AbortController().signal,
  } as const
  expect(await stage.turn(turn)).toMatchObject({ handled: events.length })
  expect(await stage.turn(turn)).toMatchObject({ handled: 0, more: false })
}
const ofPerson = (personId: Awaited<ReturnType<TestMessaging['person']>>['personId']) =>
  m.policy.ofPerson(m.workspaceId, personId)

test('consent comes in by event with source, wording and expiry; the newest statement counts, whatever the order', async () => {
  const { personId, subjectId } = await m.person('ada@example.com', false)
  const given = event(subjectId, 'Consent Given', {
    purposes: ['sell', 'nonsense'],
    wording: 'Yes',
    source: 'shop',
    expires_at: '2027-01-01T00:00:00Z',
  })
  const withdrawn = event(subjectId, 'Consent Withdrawn', { purpose: 'sell' })
  await take(withdrawn, given, given)
  expect((await ofPerson(personId)).consents).toMatchObject([{ purpose: 'sell', given: false }])
  await take(
    event(subjectId, 'Consent Given', {
      purposes: ['sell'],
      wording: 'Yes',
      source: 'shop',
      expires_at: '2027-01-01T00:00:00Z',
    }),
  )
  expect((await ofPerson(personId)).consents).toMatchObject([
    { purpose: 'sell', given: true, wording: 'Yes', source: 'shop', expiresAt: Date.parse('2027-01-01T00:00:00Z') },
  ])
})

test('the trait marketing_consent counts for all but service', async () => {
  const { personId, subjectId } = await m.person('ada@example.com', false)
  await take(event(subjectId, 'Identify', { marketing_consent: true }, { type: 'identify' }))
  expect((await ofPerson(personId)).consents.map(({ purpose }) => purpose).sort()).toEqual(['coach', 'inform', 'sell'])
})

test('leaving, bounces and spam reports of other tools count; our own were acted on before', async () => {
  const { personId, subjectId } = await m.person('ada@example.com')
  await take(
    event(subjectId, 'Unsubscribed', { topic: 'offers' }),
    event(subjectId, 'Email Bounced', { email: 'Ada@example.com' }),
    event(subjectId, 'Email Bounced', { email: 'soft@example.com', bounce_type: 'soft' }),
    event(subjectId, 'Unsubscribed', {}, { messageId: 'baton-message:x:unsubscribe' }),
  )
  const { preferences, suppressions } = await ofPerson(personId)
  expect(preferences).toMatchObject({ topicsOff: ['offers'], unsubscribedAll: false })
  expect(suppressions).toMatchObject([{ reason: 'bounced' }])
  await take(event(subjectId, 'Unsubscribed'))
  expect((await ofPerson(personId)).preferences.unsubscribedAll).toBe(true)
})

test('many leave in one batch: each keeps what she left before, over all her subjects', async () => {
  const people = await Promise.all(Array.from({ length: 5 }, (_, n) => m.person(`p${n}@leave.example`)))
  const other = await m.person('p0@other.example')
  const first = must(people[0], 'there are five')
  await stores.admin('update subject set person_id = $1 where subject_id = $2', [first.personId, other.subjectId])
  await m.policy.changePerson(
    m.workspaceId,
    first.personId,
    { preferences: { topicsOff: ['advice'], channelsOff: ['email'], pausedUntil: 5, weeklyLimit: 2 } },
    'system',
  )
  await take(
    ...people.map(({ subjectId }) => event(subjectId, 'Unsubscribed', { topic: 'offers' })),
    event(other.subjectId, 'Unsubscribed', { topic: 'orders' }),
    event(first.subjectId, 'Unsubscribed', { topic: 'offers' }),
    event(must(people[1], 'there are five').subjectId, 'Unsubscribed'),
  )
  const kept = await Promise.all(people.map(async ({ personId }) => (await ofPerson(personId)).preferences))
  const none = { channelsOff: [], pausedUntil: null, weeklyLimit: null }
  expect(kept).toEqual([
    {
      topicsOff: ['advice', 'offers', 'orders'],
      unsubscribedAll: false,
      channelsOff: ['email'],
      pausedUntil: 5,
      weeklyLimit: 2,
    },
    { ...none, topicsOff: ['offers'], unsubscribedAll: true },
    ...Array.from({ length: 3 }, () => ({ ...none, topicsOff: ['offers'], unsubscribedAll: false })),
  ])
  const rows = await stores.admin('select distinct topics_off, updated_at from preference where subject_id = any($1)', [
    [first.subjectId, other.subjectId],
  ])
  expect(rows).toHaveLength(1)
})

test('an open complaint holds back selling until it is resolved, in whatever order the two are told', async () => {
  const ada = await m.person('ada@example.com')
  const ask = () =>
    m.policy.permission(m.workspaceId, {
      personId: ada.personId,
      channel: 'email',
      topic: 'offers',
      purpose: 'sell',
      phase: 'loyalty',
      handedOver: false,
    })
  await m.policy.changePerson(
    m.workspaceId,
    ada.personId,
    { consents: [{ purpose: 'sell', given: true, source: 'api', wording: '', expiresAt: null }] },
    'system',
  )
  await take(event(ada.subjectId, 'Complaint Opened', { complaint_id: 'C1' }))
  expect(await ask()).toMatchObject({ outcome: 'drop', reason: 'open-issue-no-selling' })
  const [opened, resolved] = [
    event(ada.subjectId, 'Complaint Opened', { complaint_id: 'C2' }),
    event(ada.subjectId, 'Complaint Resolved', { complaint_id: 'C2' }),
  ]
  await take(resolved, opened, event(ada.subjectId, 'Complaint Resolved', { complaint_id: 'C1' }))
  expect(await ask()).toMatchObject({ outcome: 'send' })
})

test('after a merge a refusal by either subject counts, and a later yes takes it back for both', async () => {
  const ada = await m.person('ada@example.com')
  const eve = await m.person('eve@example.com', false)
  await m.policy.changePerson(
    m.workspaceId,
    eve.personId,
    { consents: [{ purpose: 'inform', given: false, source: 'api', wording: '', expiresAt: null }] },
    'system',
  )
  await stores.admin('update subject set person_id = $1 where subject_id = $2', [ada.personId, eve.subjectId])
  const inform = async () =>
    must(
      (await ofPerson(ada.personId)).consents.find(({ purpose }) => purpose === 'inform'),
      'stated',
    ).given
  expect(await inform()).toBe(false)
  await take(
    event(ada.subjectId, 'Consent Given', { purposes: ['inform'] }, { occurredAt: Date.parse('2026-07-01T00:00:00Z') }),
  )
  expect(await inform()).toBe(true)
})

test('contacts that other systems report count in her caps', async () => {
  const ada = await m.person('ada@example.com')
  const report = (handedOver: boolean) =>
    m.policy.permission(m.workspaceId, {
      personId: ada.personId,
      channel: 'email',
      topic: 'advice',
      purpose: 'inform',
      phase: 'loyalty',
      handedOver,
    })
  for (let i = 0; i < 3; i++) expect(await report(true)).toMatchObject({ outcome: 'send' })
  expect(await report(false)).toMatchObject({ outcome: 'hold', reason: 'frequency-cap' })
})

test('a statement that can’t be taken in holds her mail back, not everybody’s statements', async () => {
  const [ada, bob] = await Promise.all([m.person('ada@poison.example', false), m.person('bob@poison.example', false)])
  await stores.admin(`alter table consent add constraint no_poison check (wording <> 'poison')`)
  const refused = event(ada.subjectId, 'Consent Given', { purposes: ['sell'], wording: 'poison' })
  const others = Array.from({ length: 20 }, () => event(bob.subjectId, 'Consent Given', { purposes: ['sell'] }))
  await take(
    ...others.slice(0, 7),
    refused,
    ...others.slice(7),
    event(bob.subjectId, 'Unsubscribed', { topic: 'offers' }),
  )
  await stores.admin('alter table consent drop constraint no_poison')
  expect((await ofPerson(ada.personId)).suppressions).toMatchObject([{ reason: 'suppressed' }])
  expect(await ofPerson(bob.personId)).toMatchObject({
    consents: [{ purpose: 'sell', given: true }],
    preferences: { topicsOff: ['offers'] },
    suppressions: [],
  })
  const aside = await stores.admin<{ item: string; reason: string }>(
    `select item, reason from quarantined_item where stage = 'policy'`,
  )
  expect(aside).toEqual([{ item: refused.messageId, reason: expect.stringContaining('no_poison') }])
})
