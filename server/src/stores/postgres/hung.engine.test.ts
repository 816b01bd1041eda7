import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../engine.ts'
import { childrenOf, startOf } from '../process-table.ts'
import { signal } from './end-family.ts'
import { greet, type Patience, watchGreeting } from './greeting.ts'
import { type EmbeddedPostgres, startPostgres } from './start-postgres.ts'

const folder = mkdtempSync(join(tmpdir(), 'baton-hung-'))
const patience: Patience = { everyMs: 50, answerWithinMs: 1_000, silences: 3 }
let postgres: EmbeddedPostgres

beforeAll(async () => {
  chmodSync(folder, 0o755)
  postgres = await startPostgres({ folder, log: silentLog, patience })
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

const connected = async (): Promise<pg.Client> => {
  const client = new pg.Client(postgres.adminUrl)
  client.on('error', () => {})
  onTestFinished(() => client.end().catch(() => {}))
  await client.connect()
  return client
}

const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (;;) {
    if (await holds()) return
    await delay(20)
  }
}

const family = () => {
  const pid = postgres.pid()
  if (pid === null) throw new Error('PostgreSQL has no process')
  return [pid, ...childrenOf(pid)].map((each) => ({ pid: each, began: startOf(each) }))
}

test('halted with all its processes: ended, gone to the last one, and back with every row that was acknowledged', async () => {
  const client = await connected()
  await client.query('create table kept (n int primary key)')
  let acknowledged = 0
  const writing = (async () => {
    for (;;) {
      await client.query('insert into kept values ($1)', [acknowledged + 1])
      acknowledged += 1
    }
  })().catch(() => 'cut off')
  await eventually(() => acknowledged > 50)

  const halted = family()
  const restarts = postgres.restarts()
  for (const { pid } of halted) signal(pid, 'SIGSTOP')
  await eventually(() => postgres.restarts() > restarts)
  await writing
  expect(halted.filter(({ pid, began }) => startOf(pid) === began)).toEqual([])
  expect(postgres.status()).toBe('running')
  const { rows } = await (await connected()).query<{ n: number }>('select n from kept order by n')
  // The insert in hand when it was halted may have been committed without its answer.
  expect([acknowledged, acknowledged + 1]).toContain(rows.length)
  expect(rows.at(-1)?.n).toBe(rows.length)
})

test('one that greets is left alone, although a process of it is halted and another waits for it', async () => {
  const [holder, waiter] = [await connected(), await connected()]
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid ?? 0
  await holder.query('begin; lock table pg_authid in access exclusive mode')
  const restarts = postgres.restarts()
  signal(pid, 'SIGSTOP')
  onTestFinished(() => signal(pid, 'SIGCONT'))
  const waiting = waiter.query('select count(*) from pg_authid')
  let asked = 0
  await new Promise<void>((resolve) => {
    const stop = watchGreeting(
      async (withinMs) => {
        const greeting = await greet(new URL(postgres.adminUrl).searchParams.get('host') ?? '', withinMs)
        expect(greeting).toBe('answers')
        asked += 1
        if (asked === 10) resolve()
        return greeting
      },
      { ...patience, everyMs: 1 },
      () => Promise.reject(new Error('it was taken for hung')),
    )
    onTestFinished(stop)
  })
  signal(pid, 'SIGCONT')
  await holder.query('rollback')
  await waiting
  expect(postgres.restarts()).toBe(restarts)
})

test('a stop while it hangs ends it, too', { timeout: 90_000 }, async () => {
  const own = mkdtempSync(join(tmpdir(), 'baton-hung-'))
  chmodSync(own, 0o755)
  onTestFinished(() => rmSync(own, { recursive: true, force: true }))
  const other = await startPostgres({ folder: own, log: silentLog })
  const pid = other.pid() ?? 0
  const halted = [pid, ...childrenOf(pid)].map((each) => ({ pid: each, began: startOf(each) }))
  for (const each of halted) signal(each.pid, 'SIGSTOP')
  await other.stop()
  expect(halted.filter((each) => startOf(each.pid) === each.began)).toEqual([])
})
