import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'
import { brandAs, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { migrate, silentLog } from '../stores/index.ts'
import { createMemberships } from './memberships.ts'
import { ruleIdOf } from './rule-store.ts'
import { changesOf } from './tick-store.ts'

const workspaces = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b'] as const
const persons = ['01900000-0000-7000-8000-0000000000c1', '01900000-0000-7000-8000-0000000000c2'] as const
const folder = mkdtempSync(join(tmpdir(), 'baton-migrations-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('changes that were written wide are all there after they were made narrow, in every workspace and their order', async () => {
  const { admin, ownerUrl, databaseUrl, clickhouse, migrations, postgres } = await testStores()
  cpSync(migrations, folder, { recursive: true })
  rmSync(join(folder, 'postgres', '0091-narrow-membership-changes.sql'))
  await admin('drop schema public cascade')
  await admin('drop schema baton_schema cascade')
  await admin('create schema public authorization baton_owner')
  await admin('grant usage on schema public to public')
  const run = (from: string) => migrate({ ownerUrl, appUrl: databaseUrl, clickhouse, log: silentLog, folder: from })
  await run(folder)
  for (const workspaceId of workspaces) {
    await admin(`insert into segment_tick values ($1, 9, 0, 0, 0, 0, 0, null, null)`, [workspaceId])
    for (const ruleKey of ['segment:1', 'life-cycle:won'])
      for (const version of [1, 2])
        await admin(
          `insert into rule (workspace_id, rule_key, version, rule_id, owner_kind, slot, definition, state, created_at)
           values ($1, $2, $3, $4, 'segment', 0, '{}', 'retired', 0)`,
          [workspaceId, ruleKey, version, ruleIdOf(brandAs<WorkspaceId>(workspaceId), ruleKey)],
        )
    for (let n = 0; n < 40; n++)
      await admin(
        `insert into membership_change (workspace_id, tick, position, rule_key, version, person_id, entered, at, known_at,
           cause, evidence) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          workspaceId,
          n < 39 ? 1 + (n >> 3) : 10,
          n * 10,
          n % 3 === 0 ? 'segment:1' : 'life-cycle:won',
          1 + (n % 2),
          persons[n % 2],
          n % 4 < 2,
          1000 + n,
          2000 + n,
          n % 5 === 0 ? 'time' : 'behaviour',
          JSON.stringify(n % 7 === 0 ? { held: ['0.1'], failed: [], historic: true } : { held: [], failed: ['0'] }),
        ],
      )
  }
  const wide = await admin(
    `select seq::int, tick::int, position::int, rule_key as "ruleKey", version, person_id as "personId", entered, at::int,
       known_at::int as "knownAt", cause, evidence, workspace_id as "workspaceId" from membership_change
     where tick <= 9 order by seq`,
  )
  await run(migrations)
  const memberships = createMemberships({ postgres, clickhouse })
  for (const workspaceId of workspaces.map((id) => brandAs<WorkspaceId>(id))) {
    const before = wide.filter((row) => row.workspaceId === workspaceId).map(({ workspaceId: _, ...row }) => row)
    expect(before).toHaveLength(39)
    expect(await memberships.changesAfter(workspaceId, 0, 100)).toEqual(before)
    expect(await memberships.newestChange(workspaceId)).toBe(before.at(-1)?.seq)
    const hers = await postgres.inWorkspace(workspaceId, (tx) =>
      changesOf(
        tx,
        workspaceId,
        { ruleKey: 'segment:1', personId: brandAs<PersonId>(persons[0]) },
        { before: null, limit: 5 },
      ),
    )
    const expected = before.filter(({ ruleKey, personId }) => ruleKey === 'segment:1' && personId === persons[0])
    expect(hers).toEqual(expected.slice(-5).reverse())
  }
  // A backup asks so how far the numbers have come, and a copy goes on from there.
  const [numbers] = await admin(
    `select last_value = (select max(seq) from membership_change) as "goOn" from pg_sequences
     where sequencename = (pg_get_serial_sequence('membership_change', 'seq')::regclass)::text`,
  )
  expect(numbers).toEqual({ goOn: true })
})
