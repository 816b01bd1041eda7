import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { newId, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { testStores } from '../harness/stores.ts'
import { seedEveryTable } from './seed-workspace.ts'

const stores = await testStores()
const { postgres } = stores

/** Partitions are reached through their parent, whose policy holds. The migration's own record is not ours. */
const tables = () =>
  stores.admin<{
    name: string
    kind: string | null
    enabled: boolean
    forced: boolean
    policies: string[]
    owner: string
  }>(
    `select c.relname::text as name, k.kind, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
       array(select p.polname::text from pg_policy p where p.polrelid = c.oid) as policies, pg_get_userbyid(c.relowner)::text as owner
     from pg_class c left join table_kind k on k.name = c.relname
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  )

test('every table is declared as of one workspace or of none', async () => {
  const undeclared = (await tables()).filter((table) => table.kind === null).map((table) => table.name)
  expect(undeclared).toEqual([])
})

test('every workspace table has its wall, forced on the owner too', async () => {
  const open = (await tables()).filter(
    (table) => table.kind === 'workspace' && !(table.enabled && table.forced && table.policies.includes('wall')),
  )
  expect(open.map((table) => table.name)).toEqual([])
})

test('the app owns no table, reaches no partition around its parent, and there is no view to look through', async () => {
  expect((await tables()).filter((table) => table.owner === 'baton_app')).toEqual([])
  const around = await stores.admin<{ name: string }>(
    `select c.relname::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relispartition and has_table_privilege('baton_app', c.oid, 'select')
       and (select k.kind from pg_inherits i join pg_class p on p.oid = i.inhparent join table_kind k on k.name = p.relname where i.inhrelid = c.oid) = 'workspace'`,
  )
  expect(around).toEqual([])
  expect(
    await stores.admin(
      `select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace`,
    ),
  ).toEqual([])
})

test('the app role sees a workspace from inside it, and nothing from outside or from another', async () => {
  const [inside, other] = [newId<WorkspaceId>(), newId<WorkspaceId>()]
  const { seeded, refused } = await seedEveryTable(stores, inside, newId<string>(), 'marked')
  expect(refused).toEqual([])
  for (const name of seeded) {
    const count = sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`
    const seen = [
      await postgres.inWorkspace(inside, async (tx) => (await count.execute(tx)).rows[0]?.n),
      await postgres.inWorkspace(other, async (tx) => (await count.execute(tx)).rows[0]?.n),
      await postgres.inGlobal(async (tx) => (await count.execute(tx)).rows[0]?.n),
    ]
    expect([name, ...seen]).toEqual([name, 1, 0, 0])
  }
})

test('nobody writes into another workspace from inside her own', async () => {
  const foreign = newId<string>()
  const write = postgres.inWorkspace(newId<WorkspaceId>(), (tx) =>
    sql`insert into audit_entry values (${foreign}, ${newId<string>()}, 1, 'system', 'x', 'y', '{}')`.execute(tx),
  )
  await expect(write).rejects.toThrow(/row-level security/)
})
