import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { testStores } from '../../../tests/harness/stores.ts'
import { brandAs, type WorkspaceId } from '../kernel/index.ts'
import {
  type ClickHouse,
  createClickHouse,
  createPostgres,
  migrate,
  openStores,
  type Stores,
  silentLog,
} from './index.ts'
import { readMigrations, statementsOf } from './migration-files.ts'

const { migrations } = inject('engines')
const workspaceId = brandAs<WorkspaceId>('0193a000-0000-7000-8000-000000000001')

describe('engines of our own', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'baton-own-'))
  const open = () =>
    openStores({ mode: 'own', dataFolder, databaseUrl: null, clickhouseUrl: null, connections: 4 }, silentLog)
  let stores: Stores

  beforeAll(async () => {
    stores = await open()
  })
  afterAll(async () => {
    await stores.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  })

  const engine = (kind: 'postgres' | 'clickhouse') => {
    const found = stores.engines().find((candidate) => candidate.kind === kind)
    if (found?.pid == null) throw new Error(`${kind} has no process`)
    return { ...found, pid: found.pid }
  }

  test('a second start on the same data folder is refused with the owner’s process id', async () => {
    await expect(open()).rejects.toThrow(new RegExp(`in use by process ${process.pid}\\. Stop that one first`))
  })

  test('PostgreSQL killed: back by itself, with what was committed', async () => {
    await stores.postgres.inGlobal((tx) =>
      sql`insert into lease (name, holder, token, expires_at) values ('kept', 'me', 1, 0)`.execute(tx),
    )
    const before = engine('postgres')
    process.kill(before.pid, 'SIGKILL')
    await until(() => engineIsBack('postgres', before.restarts))
    const rows = await eventually(() =>
      stores.postgres.inGlobal((tx) =>
        sql<{ holder: string }>`select holder from lease where name = 'kept'`.execute(tx),
      ),
    )
    expect(rows.rows).toEqual([{ holder: 'me' }])
    expect(engine('postgres')).toMatchObject({ status: 'running', runs: 'embedded' })
  })

  test('a listener hears again after PostgreSQL came back', async () => {
    const heard = new Set<string>()
    const unlisten = await stores.postgres.listen((payload) => heard.add(payload))
    const before = engine('postgres')
    process.kill(before.pid, 'SIGKILL')
    await until(() => engineIsBack('postgres', before.restarts))
    await until(async () => {
      await stores.postgres.notify('again').catch(() => undefined)
      return heard.has('again')
    })
    await unlisten()
  })

  test('ClickHouse killed: back by itself at the same address, with what was inserted', async () => {
    await stores.clickhouse.command({ sql: 'CREATE TABLE kept (a UInt64) ENGINE = MergeTree ORDER BY a' })
    await stores.clickhouse.insert({ table: 'kept', rows: [{ a: 7 }] })
    const before = engine('clickhouse')
    process.kill(before.pid, 'SIGKILL')
    await until(() => engineIsBack('clickhouse', before.restarts))
    expect(await stores.clickhouse.query({ sql: 'SELECT a FROM kept' })).toEqual([{ a: 7 }])
    expect(engine('clickhouse').pid).not.toBe(before.pid)
  })

  test('stopped and started again: everything is there, and nothing is migrated twice', async () => {
    const pids = [engine('postgres').pid, engine('clickhouse').pid]
    await stores.stop()
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    stores = await open()
    expect(await stores.clickhouse.query({ sql: 'SELECT a FROM kept' })).toEqual([{ a: 7 }])
    const { rows } = await stores.postgres.inGlobal((tx) =>
      sql`select 1 as n from lease where name = 'kept'`.execute(tx),
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  test('a child process connects by the environment alone', async () => {
    const { DATABASE_URL, CLICKHOUSE_URL } = stores.environment
    const child = await openStores(
      { mode: 'connect', dataFolder, databaseUrl: DATABASE_URL, clickhouseUrl: CLICKHOUSE_URL },
      silentLog,
    )
    expect(await child.clickhouse.query({ sql: 'SELECT 1 AS n' })).toEqual([{ n: 1 }])
    const { rows } = await child.postgres.inGlobal((tx) => sql`select current_user::text as role`.execute(tx))
    expect(rows).toEqual([{ role: 'baton_app' }])
    expect(JSON.stringify(child.engines())).not.toContain(new URL(DATABASE_URL).password)
    await child.stop()
  })

  const engineIsBack = (kind: 'postgres' | 'clickhouse', restartsBefore: number) => {
    const found = stores.engines().find((candidate) => candidate.kind === kind)
    return found?.status === 'running' && found.restarts > restartsBefore
  }
})

describe('transactions', async () => {
  const { postgres, admin, ownerUrl, databaseUrl, clickhouseUrl } = await testStores()

  const roleFolder = mkdtempSync(join(tmpdir(), 'baton-role-'))
  afterAll(() => rmSync(roleFolder, { recursive: true, force: true }))

  test('know their workspace, and forget it', async () => {
    const read = sql<{ workspace: string | null }>`select baton_workspace()::text as workspace`
    expect((await postgres.inWorkspace(workspaceId, (tx) => read.execute(tx))).rows).toEqual([
      { workspace: workspaceId },
    ])
    for (let n = 0; n < 10; n += 1)
      expect((await postgres.inGlobal((tx) => read.execute(tx))).rows).toEqual([{ workspace: null }])
    await expect(postgres.inWorkspace(brandAs<WorkspaceId>("x'; drop"), (tx) => read.execute(tx))).rejects.toThrow(
      'must be a UUID',
    )
  })

  test('keep nothing when they throw, or when a failed statement was swallowed', async () => {
    const insert = sql`insert into lease (name, holder, token, expires_at) values ('lost', 'me', 1, 0)`
    const throwing = postgres.inGlobal(async (tx) => {
      await insert.execute(tx)
      throw new Error('changed my mind')
    })
    await expect(throwing).rejects.toThrow('changed my mind')
    const swallowing = postgres.inGlobal(async (tx) => {
      await insert.execute(tx)
      await sql`select no_such_column`.execute(tx).catch(() => undefined)
    })
    await expect(swallowing).rejects.toThrow('nothing of it was kept')
    expect(await admin("select from lease where name = 'lost'")).toEqual([])
  })

  test('run again after a serialization failure', async () => {
    await admin("insert into lease (name, holder, token, expires_at) values ('counter', '', 0, 0)")
    const add = () =>
      postgres.inGlobal(
        async (tx) => {
          const { rows } = await sql<{ token: number }>`select token from lease where name = 'counter'`.execute(tx)
          await sql`update lease set token = ${(rows[0]?.token ?? 0) + 1} where name = 'counter'`.execute(tx)
        },
        { isolation: 'serializable' },
      )
    await Promise.all([add(), add(), add()])
    expect(await admin("select token::int as token from lease where name = 'counter'")).toEqual([{ token: 3 }])
  })

  test('end a statement that runs too long', async () => {
    await expect(postgres.inGlobal((tx) => sql`select pg_sleep(20)`.execute(tx), { maxMs: 50 })).rejects.toThrow(
      'statement timeout',
    )
  })

  test('bigints are numbers while exact', async () => {
    const { rows } = await postgres.inGlobal((tx) =>
      sql`select 9007199254740991::bigint as most, 9007199254740993::bigint as more, array[1, null]::bigint[] as list, '{"a":[1]}'::jsonb as json`.execute(
        tx,
      ),
    )
    expect(rows).toEqual([{ most: 9007199254740991, more: 9007199254740993n, list: [1, null], json: { a: [1] } }])
  })

  test('a role that row-level security does not bind is refused', async () => {
    const start = (databaseUrl: string) =>
      openStores(
        {
          mode: 'own',
          dataFolder: roleFolder,
          databaseUrl,
          databaseMigrationUrl: ownerUrl,
          clickhouseUrl,
        },
        silentLog,
      )
    await expect(start(ownerUrl)).rejects.toThrow(/baton_owner owns the table .* wall between workspaces/)
    const bypass = new URL(databaseUrl)
    bypass.username = 'baton_bypass'
    bypass.password = 'x'
    await admin("create role baton_bypass login bypassrls password 'x'; grant baton_app to baton_bypass")
    await expect(start(bypass.href)).rejects.toThrow(/baton_bypass has BYPASSRLS/)
    await admin('drop role baton_bypass')
    const fine = await start(databaseUrl)
    expect(fine.engines()).toMatchObject([{ runs: 'server' }, { runs: 'server' }])
    await fine.stop()
  })
})

describe('migrations', async () => {
  const { ownerUrl, databaseUrl, clickhouseUrl, clickhouse } = await testStores()
  const folder = mkdtempSync(join(tmpdir(), 'baton-migrations-'))
  chmodSync(folder, 0o755)
  for (const kind of ['postgres', 'clickhouse']) {
    mkdirSync(join(folder, kind))
    cpSync(join(migrations, kind), join(folder, kind), { recursive: true })
  }
  afterAll(() => rmSync(folder, { recursive: true }))
  const run = (at: string, owner: string | null = ownerUrl) =>
    migrate({ ownerUrl: owner, appUrl: databaseUrl, clickhouse, log: silentLog, folder: at })

  test('a failing file leaves nothing behind and is run again when mended', async () => {
    const file = join(folder, 'postgres', '9000-later.sql')
    writeFileSync(file, 'create table later (a int); select no_such_function();')
    await expect(run(folder)).rejects.toThrow(
      /9000-later\.sql failed on PostgreSQL, nothing of it was kept: .*no_such_function/,
    )
    writeFileSync(file, 'create table later (a int);')
    await run(folder)
  })

  test('a ClickHouse file goes on where it ended', async () => {
    const file = join(folder, 'clickhouse', '9000-later.sql')
    writeFileSync(
      file,
      'create table one (a UInt8) engine = Memory;\ncreate table two (a NoSuchType) engine = Memory;\n',
    )
    await expect(run(folder)).rejects.toThrow(/9000-later\.sql failed on ClickHouse at statement 2/)
    writeFileSync(file, 'create table one (a UInt8) engine = Memory;\ncreate table two (a UInt8) engine = Memory;\n')
    await run(folder)
    expect(await clickhouse.query({ sql: 'SELECT count() AS n FROM two' })).toEqual([{ n: 0 }])
  })

  test('a crash after any statement on ClickHouse, before that is noted, is got over at the next start', async () => {
    const inDatabase = async (name: string) => {
      await clickhouse.command({ sql: `create database ${name}` })
      const made = createClickHouse({ url: clickhouseUrl, database: name })
      onTestFinished(async () => {
        await made.close()
        await clickhouse.command({ sql: `drop database ${name}` })
      })
      return made
    }
    const schemaOf = async (of: ClickHouse) =>
      of.query<{ name: string; sql: string }>({
        sql: `select name, replaceAll(create_table_query, currentDatabase(), '') as sql from system.tables
          where database = currentDatabase() order by name`,
      })
    const migrateOn = (on: ClickHouse) =>
      migrate({ ownerUrl: null, appUrl: databaseUrl, clickhouse: on, log: silentLog, folder })
    const [clean, crashed] = [
      await inDatabase(`${clickhouse.database}_clean`),
      await inDatabase(`${clickhouse.database}_crashed`),
    ]
    await migrateOn(clean)

    const passed = new Set<string>()
    const crashing: ClickHouse = {
      ...crashed,
      insert: async (asked) => {
        const note = JSON.stringify(asked.rows, (key, value) => (key === 'at' ? undefined : value))
        if (!note.includes('.sql:') && !passed.has(note)) {
          passed.add(note)
          throw new Error('the power went')
        }
        return crashed.insert(asked)
      },
    }
    let crashes = 0
    for (;;) {
      const failed = await migrateOn(crashing).then(
        () => null,
        (error: unknown) => error,
      )
      if (failed === null) break
      expect(String(failed)).toContain('the power went')
      crashes += 1
      // In the middle of the statement that renames two.
      if ([...passed].at(-1)?.includes('0020-event-layout.sql') && [...passed].at(-1)?.includes('"statements":3'))
        await crashed.command({ sql: 'rename table event to event_next' })
    }
    const files = readMigrations(join(folder, 'clickhouse'))
    expect(crashes).toBe(files.flatMap(({ sql }) => statementsOf(sql)).length)
    expect(await schemaOf(crashed)).toEqual(await schemaOf(clean))
  })

  test('a table of somebody else is not taken for ours', async () => {
    const file = join(folder, 'clickhouse', '9001-foreign.sql')
    writeFileSync(file, 'create table foreign_one (a UInt8) engine = Memory;')
    await clickhouse.command({ sql: 'create table foreign_one (b String) engine = Memory' })
    for (const _ of ['first', 'again']) await expect(run(folder)).rejects.toThrow(/a table foreign_one already/)
    await clickhouse.command({ sql: 'drop table foreign_one' })
    await run(folder)
  })

  test('two processes that migrate at once do it once', async () => {
    writeFileSync(join(folder, 'postgres', '9001-once.sql'), 'create table once (a int);')
    await Promise.all([run(folder), run(folder), run(folder)])
  })

  test('without the owner’s address a current schema is fine, an old one is said', async () => {
    await run(folder, null)
    writeFileSync(join(folder, 'postgres', '9002-more.sql'), 'create table more (a int);')
    await expect(run(folder, null)).rejects.toThrow(
      /lacks 1 migration\(s\), from 9002-more\.sql\. Set DATABASE_MIGRATION_URL/,
    )
  })

  test('an old program refuses a newer schema', async () => {
    await expect(run(migrations)).rejects.toThrow(/PostgreSQL has a newer schema than this version of Baton/)
  })

  test('a listener of one process hears another', async () => {
    const [here, there] = [createPostgres({ url: databaseUrl }), createPostgres({ url: databaseUrl })]
    const heard = Promise.withResolvers<string>()
    await here.listen(heard.resolve)
    await there.notify('log')
    expect(await heard.promise).toBe('log')
    await Promise.all([here.close(), there.close()])
  })
})

describe('a process on engines that somebody else runs', () => {
  test('starts as the app role on its own version of the schema, and on nothing else', async () => {
    const { databaseUrl, clickhouseUrl, ownerUrl, admin } = await testStores()
    const connect = (url: string) =>
      openStores({ mode: 'connect', dataFolder: '', databaseUrl: url, clickhouseUrl, connections: 2 }, silentLog)
    const connected = await connect(databaseUrl)
    await connected.stop()
    await expect(connect(ownerUrl)).rejects.toThrow(/owns/)

    await admin(`insert into baton_schema.migration values ('9999-later.sql', '', 0)`)
    await expect(connect(databaseUrl)).rejects.toThrow(/newer schema than this version/)
    await admin(`delete from baton_schema.migration where name in ('9999-later.sql', '0090-sample-shop.sql')`)
    await expect(connect(databaseUrl)).rejects.toThrow(/lacks 1 migration.*baton -- migrate/)
  })
})

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await turn()
}

const eventually = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work()
    } catch {
      await turn()
    }
  }
}
