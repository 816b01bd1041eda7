import type { Rule } from '@baton/contract'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type TestStores, testStores } from '../../../tests/harness/stores.ts'
import type { JsonObject } from '../collect/index.ts'
import { newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import { flatJson, propertyColumns } from '../people/index.ts'
import { eventTime, factEvent, properties, ruleOver, testNow } from './arbitrary-rules.test-data.ts'
import { compileRules, ruleQuerySettings, type SlottedRule } from './compile-rules.ts'
import { evaluateRules } from './evaluate-rule.ts'
import type { FactEvent } from './facts.ts'
import { findDifferences } from './find-differences.ts'
import { lookHere } from './look-here.test-data.ts'
import type { MaskDifference } from './mask-sql.ts'
import { writePersonSet } from './person-set-sql.ts'
import type { QueryScope } from './query-scope.ts'
import { ruleProblem } from './rule-tree.ts'
import { never } from './sql-scope.ts'

interface TestPerson {
  readonly personId: PersonId
  readonly traits: JsonObject
  readonly subjects: readonly { readonly subjectId: SubjectId; readonly events: readonly FactEvent[] }[]
}

const person: fc.Arbitrary<TestPerson> = fc
  .record({
    traits: properties,
    subjects: fc.array(fc.array(factEvent, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ traits, subjects }) => {
    const ids = subjects.map(() => newId<SubjectId>())
    return {
      personId: String(ids[0]) as PersonId,
      traits,
      subjects: subjects.map((events, index) => ({ subjectId: ids[index] ?? newId<SubjectId>(), events })),
    }
  })

const keys = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']
const rules: fc.Arbitrary<readonly SlottedRule[]> = fc
  .tuple(...Array.from({ length: 8 }, (_, index) => ruleOver(keys.slice(0, index))))
  .map((all) => all.map((rule, index) => ({ ruleKey: keys[index] ?? '', rule, slot: index * 7 })))

describe('the compiled query and the evaluator in memory', () => {
  let stores: TestStores
  beforeAll(async () => {
    stores = await testStores()
  })

  const store = async (workspaceId: WorkspaceId, people: readonly TestPerson[]): Promise<void> => {
    const seconds = (at: number) => (at / 1000).toFixed(3)
    const head = `"workspace_id":"${workspaceId}"`
    const events = people.flatMap(({ subjects }) =>
      subjects.flatMap(({ subjectId, events }) =>
        events.map(
          (event) =>
            `{${head},"subject_id":"${subjectId}","occurred_at":"${seconds(event.occurredAt)}","received_at":"${seconds(testNow)}","type":"track","name":${JSON.stringify(event.name)},"message_id":${JSON.stringify(event.messageId)},"properties":${propertyColumns(event.properties).properties},"number_texts":${propertyColumns(event.properties).numberTexts},"batch":1}`,
        ),
      ),
    )
    const persons = people.map(
      ({ personId, traits, subjects }) =>
        `{${head},"person_id":"${personId}","subjects":${JSON.stringify(subjects.map((each) => each.subjectId))},"traits":${flatJson(traits)},"gone":false,"version":1}`,
    )
    const map = people.flatMap(({ personId, subjects }) =>
      subjects
        .slice(1)
        .map((each) => `{${head},"subject_id":"${each.subjectId}","person_id":"${personId}","version":1}`),
    )
    await stores.clickhouse.insert({ table: 'event', rows: events.join('\n') })
    await stores.clickhouse.insert({ table: 'person', rows: persons.join('\n') })
    await stores.clickhouse.insert({ table: 'subject_person', rows: map.join('\n') })
  }

  const ask = async (workspaceId: WorkspaceId, all: readonly SlottedRule[], scope: QueryScope) => {
    const compiled = compileRules(
      all,
      { workspaceId, now: testNow, batch: 1, scope },
      all.map(({ rule }) => rule),
    )
    const rows = await stores.clickhouse.query<{
      person_id: PersonId
      words: number[]
      answers: number[]
      next_change_at: number
    }>({ sql: compiled.sql, params: compiled.params, settings: ruleQuerySettings })
    return new Map(rows.map((row) => [row.person_id, row]))
  }

  test('agree on every rule of every person, on when it may change next, and on any choice of people', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 5, maxLength: 25 }), rules, async (people, all) => {
        fc.pre(all.every(({ rule }) => ruleProblem(rule) === null))
        const workspaceId = newId<WorkspaceId>()
        await store(workspaceId, people)
        const found = await ask(workspaceId, all, { kind: 'everybody' })
        expect(found.size).toBe(people.length)
        for (const each of people) {
          const facts = { traits: each.traits, events: each.subjects.flatMap(({ events }) => events) }
          const { answers } = evaluateRules(all, facts, testNow)
          const row = found.get(each.personId)
          const context = () => JSON.stringify({ facts, all }, null, 1)
          const expected = all.map(({ ruleKey }) => (answers.get(ruleKey)?.holds ? 1 : 0))
          expect(row?.answers, context()).toEqual(expected)
          expect(
            all.map(({ slot }) => ((row?.words[Math.floor(slot / 32)] ?? 0) >>> (slot % 32)) & 1),
            context(),
          ).toEqual(expected)
          const next = Math.min(...all.map(({ ruleKey }) => answers.get(ruleKey)?.nextChangeAt ?? never))
          expect(row?.next_change_at, context()).toBe(next)
        }
        const some = people.filter((_, index) => index % 2 === 0).map((each) => each.personId)
        const setId = await writePersonSet(stores.clickhouse, workspaceId, some)
        const ofSome = await ask(workspaceId, all, { kind: 'set', setId })
        expect([...ofSome.keys()].sort()).toEqual([...some].sort())
        for (const [personId, row] of ofSome) expect(row).toEqual(found.get(personId))
        const query = { workspaceId, now: testNow, batch: 1 }
        const { read, remembered } = await lookHere(stores.clickhouse, all, query, some)
        const inOneQuery = await findDifferences(stores.clickhouse, all, {
          ...query,
          scope: { kind: 'set', setId },
        })
        const sorted = (each: readonly MaskDifference[] | undefined) =>
          [...(each ?? [])].sort((a, b) => (a.personId < b.personId ? -1 : 1))
        const inParts = await findDifferences(
          stores.clickhouse,
          all,
          { ...query, scope: { kind: 'set', setId } },
          {},
          3,
        )
        for (const here of [read, remembered, inParts]) {
          expect(here.leafConditions).toEqual(inOneQuery.leafConditions)
          expect(sorted(here.differences)).toEqual(sorted(inOneQuery.differences))
        }
        const middle = people[Math.floor(people.length / 2)]?.personId ?? null
        const low = await ask(workspaceId, all, { kind: 'range', after: null, upTo: middle })
        const high = await ask(workspaceId, all, { kind: 'range', after: middle, upTo: null })
        expect(low.size + high.size).toBe(people.length)
        for (const [personId, row] of [...low, ...high]) expect(row).toEqual(found.get(personId))
      }),
      { numRuns: Number(process.env.BATON_PROPERTY_RUNS ?? 10), endOnFailure: true },
    )
  }, 300_000)
})

describe('the next change', () => {
  test('is never too late: nothing changes before it with no new fact', () => {
    const all: fc.Arbitrary<Rule> = ruleOver([])
    fc.assert(
      fc.property(all, properties, fc.array(factEvent, { maxLength: 8 }), eventTime, (rule, traits, events, later) => {
        fc.pre(ruleProblem(rule) === null)
        const facts = { traits, events: events.filter((event) => event.occurredAt <= testNow) }
        const holdsAt = (now: number) => evaluateRules([{ ruleKey: 'r', rule }], facts, now).answers.get('r')
        const present = holdsAt(testNow)
        const next = present?.nextChangeAt ?? null
        if (next !== null) expect(next).toBeGreaterThan(testNow)
        const until = next ?? testNow + 400 * 86_400_000
        for (const at of [
          until - 1,
          testNow + Math.floor((until - testNow) / 2),
          Math.min(until - 1, Math.max(testNow, later)),
        ])
          expect(holdsAt(Math.max(testNow, at))?.holds).toBe(present?.holds)
      }),
      { numRuns: 2000 },
    )
  })
})
