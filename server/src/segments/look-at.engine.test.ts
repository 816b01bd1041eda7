import type { Rule } from '@baton/contract'
import { beforeAll, expect, test } from 'vitest'
import { type TestStores, testStores } from '../../../tests/harness/stores.ts'
import { newId, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { mostPeopleRead } from './look-at.ts'
import { lookHere } from './look-here.test-data.ts'

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
