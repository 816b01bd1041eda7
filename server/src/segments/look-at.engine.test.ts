import type { Rule } from '@baton/contract'
import { beforeAll, expect, test } from 'vitest'
import { type TestStores, testStores } from '../../../tests/harness/stores.ts'
import { newId, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { findDifferences } from './find-differences.ts'
import { mostPeopleRead } from './look-at.ts'
import { lookHere } from './look-here.test-data.ts'
import type { MaskDifference } from './mask-sql.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})

test('a look at people whom ClickHouse forgot in between is no look: it is repeated, not taken for "nothing changed"', async () => {
  const { clickhouse } = stores
  const rule: Rule = { kind: 'trait', path: 'plan', is: 'exists' }
  const persons = Array.from({ length: mostPeopleRead + 1 }, () => newId<PersonId>())
  const query = { workspaceId: newId<WorkspaceId>(), now: 1, batch: 1 }
  const look = (over: typeof clickhouse) => lookHere(over, [{ ruleKey: 'r', slot: 0, rule }], query, persons)
  expect((await look(clickhouse)).read.differences).toEqual([])
  // As after a restart between the set and its query: what was written is not there.
  const forgetful = { ...clickhouse, insert: async () => ({ readRows: 0, writtenRows: 0 }) }
  await expect(look(forgetful)).rejects.toThrow(/lost whom a tick was about/)
})

test('somebody with very many events is asked about in ClickHouse, whatever else is looked at here; the answer is the same', async () => {
  const { clickhouse } = stores
  const workspaceId = newId<WorkspaceId>()
  const [till, ann] = [newId<PersonId>(), newId<PersonId>()]
  const now = Date.UTC(2026, 4, 1)
  const events = [...Array.from({ length: 2_500 }, () => till), ann, ann].map(
    (subject, index) =>
      `{"workspace_id":"${workspaceId}","subject_id":"${subject}","occurred_at":"${now / 1000 - index}.000","received_at":"${now / 1000}.000","type":"track","name":"${index % 5 === 0 ? 'Seen' : 'Bought'}","message_id":"m${index}","properties":{"where":"home"},"number_texts":{},"batch":1}`,
  )
  const persons = [till, ann].map(
    (id) =>
      `{"workspace_id":"${workspaceId}","person_id":"${id}","subjects":["${id}"],"traits":{},"gone":false,"version":1}`,
  )
  await clickhouse.insert({ table: 'event', rows: events.join('\n') })
  await clickhouse.insert({ table: 'person', rows: persons.join('\n') })
  const filter = { path: 'where', is: 'equals', value: 'home' } as const
  const rules: Rule[] = [
    { kind: 'event-count', event: 'Bought', where: [], is: 'at-least', value: 2_000 },
    { kind: 'event-last', event: 'Seen', where: [], filter },
  ]
  const slotted = rules.map((rule, slot) => ({ ruleKey: `r${slot}`, slot, rule }))
  const query = { workspaceId, now, batch: 1 }
  const { read, remembered } = await lookHere(clickhouse, slotted, query, [till, ann])
  const { differences } = await findDifferences(clickhouse, slotted, { ...query, scope: { kind: 'everybody' } })
  const sorted = (each: readonly MaskDifference[]) => [...each].sort((a, b) => (a.personId < b.personId ? -1 : 1))
  expect(differences.find(({ personId }) => personId === till)?.words).toEqual([3])
  expect(sorted(read.differences)).toEqual(sorted(differences))
  expect(sorted(remembered.differences)).toEqual(sorted(differences))
})

test('more rules than ClickHouse takes in one query are asked in parts; one rule of the most conditions goes, too', async () => {
  const { clickhouse } = stores
  const workspaceId = newId<WorkspaceId>()
  const people = Array.from({ length: 3 }, () => newId<PersonId>())
  const now = Date.UTC(2026, 4, 1)
  const head = `"workspace_id":"${workspaceId}"`
  const events = people.flatMap((subject, index) =>
    Array.from(
      { length: 1 + 100 * index },
      (_, at) =>
        `{${head},"subject_id":"${subject}","occurred_at":"${now / 1000 - at}.000","received_at":"${now / 1000}.000","type":"track","name":"Seen","message_id":"m${at}","properties":{"p1":"x"},"number_texts":{},"batch":1}`,
    ),
  )
  const persons = people.map(
    (id) => `{${head},"person_id":"${id}","subjects":["${id}"],"traits":{},"gone":false,"version":1}`,
  )
  await clickhouse.insert({ table: 'event', rows: events.join('\n') })
  await clickhouse.insert({ table: 'person', rows: persons.join('\n') })
  const counts = (value: number, where: number): Rule => ({
    kind: 'event-count',
    event: 'Seen',
    where: Array.from({ length: where }, (_, path) => ({ path: `p${path}`, is: 'not-equals', value: 'y' })),
    window: { lastMs: 60_000 + value },
    is: 'at-least',
    value: 1 + (value % 300),
  })
  const many = Array.from({ length: 300 }, (_, slot) => ({
    ruleKey: `r${slot}`,
    slot,
    rule: { kind: 'or', of: Array.from({ length: 6 }, (_each, at) => counts(slot * 6 + at, 0)) } as Rule,
  }))
  const broad = Array.from({ length: 60 }, (_, value) => counts(value, 10))
  const slotted = [...many, { ruleKey: 'broad', slot: 300, rule: { kind: 'and', of: broad } as Rule }]
  const query = { workspaceId, now, batch: 1 }
  const { read } = await lookHere(clickhouse, slotted, query, people)
  const found = await findDifferences(clickhouse, slotted, { ...query, scope: { kind: 'everybody' } })
  const sorted = (each: readonly MaskDifference[]) => [...each].sort((a, b) => (a.personId < b.personId ? -1 : 1))
  expect(found.differences).toHaveLength(3)
  expect(sorted(found.differences)).toEqual(sorted(read.differences))
  expect(found.leafConditions).toEqual(read.leafConditions)
}, 120_000)
