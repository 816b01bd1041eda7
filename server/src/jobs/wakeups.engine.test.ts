import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { addWorkspace, testNow } from '../../../tests/harness/pipeline.ts'
import { until } from '../../../tests/harness/server-process.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { hourMs, systemClock, type WorkspaceId } from '../kernel/index.ts'
import { createRunner, type RunnerOptions } from './runner.ts'
import { shardOf } from './shard.ts'
import type { Stage, Turn, TurnOutcome } from './stage.ts'
import { askForTurn } from './wakeup-store.ts'

const stores = await testStores()
const { admin } = stores

/** A runner with one stage (and what comes after it), which gets its turns from this workspace alone. */
const runStage = async (
  workspaceId: WorkspaceId,
  turn: (turn: Turn) => Promise<TurnOutcome>,
  { followers = [], ...options }: Partial<RunnerOptions> & { readonly followers?: readonly Stage[] } = {},
) => {
  const stage: Stage = { name: 'waits', lanes: ['live'], after: [], turn }
  const runner = createRunner({
    postgres: stores.postgres,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    stages: [stage, ...followers],
    domainNow: async () => testNow,
    holder: workspaceId,
    only: [workspaceId],
    ...options,
  })
  onTestFinished(() => runner.stop())
  await runner.start()
  return runner
}
const wakeupOf = async (workspaceId: WorkspaceId) =>
  (await admin<{ due_at: string }>(`select due_at from wakeup where workspace_id = $1`, [workspaceId]))[0]?.due_at

test('a wake-up that PostgreSQL did not take is written by the turn that is repeated', async () => {
  const workspaceId = await addWorkspace(stores)
  const dueAt = testNow + hourMs
  let turns = 0
  // As when it goes away between a turn's commit and what follows it.
  await admin(`
    create function fail_wakeups() returns trigger language plpgsql as $$ begin raise 'PostgreSQL is away'; end $$;
    create trigger fail_wakeups before insert on wakeup for each row execute function fail_wakeups()`)
  const runner = await runStage(workspaceId, async () => {
    turns += 1
    return { handled: 0, more: false, dueAt }
  })
  await until(
    async () => runner.failures().get('waits')?.count ?? 0,
    (failures) => failures > 0,
  )
  await admin(`drop trigger fail_wakeups on wakeup`)
  const failedTurns = turns
  await until(
    async () => turns,
    (n) => n > failedTurns,
  )
  await runner.settle(workspaceId)
  expect(await wakeupOf(workspaceId)).toBe(String(dueAt))
})

test('what was asked for while nobody could hear it is found when PostgreSQL hears again', async () => {
  const workspaceId = await addWorkspace(stores)
  let turns = 0
  const runner = await runStage(workspaceId, async () => {
    turns += 1
    return { handled: 0, more: false, dueAt: null }
  })
  await runner.settle(workspaceId)
  const before = turns
  await admin(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like '%listener'`,
  )
  await until(
    async () => turns,
    (n) => n > before,
  )
})

test('a turn asked for while one is under way follows it, when it was committed', async () => {
  const workspaceId = await addWorkspace(stores)
  const ask = (isKept: boolean) =>
    stores.postgres
      .inWorkspace(workspaceId, async (tx) => {
        await askForTurn(tx, workspaceId, 'waits', testNow)
        if (!isKept) throw new Error('rolled back')
      })
      .catch(() => undefined)
  let turns = 0
  let asksIn: Promise<void> | undefined
  const runner = await runStage(workspaceId, async () => {
    turns += 1
    await asksIn
    return { handled: 0, more: false, dueAt: testNow + turns * hourMs }
  })
  await runner.settle(workspaceId)
  const begun = turns
  asksIn = ask(true)
  await asksIn
  await until(
    async () => turns,
    (n) => n > begun,
  )
  await until(
    () => wakeupOf(workspaceId),
    (dueAt) => dueAt === String(testNow + turns * hourMs),
  )
  await ask(false)
  expect(await wakeupOf(workspaceId)).toBe(String(testNow + turns * hourMs))
})

test('what follows a stage looks again once a turn of it succeeds that had failed: it may have committed before it did', async () => {
  const workspaceId = await addWorkspace(stores)
  let committed = 0
  let isCutOff = false
  const seen: number[] = []
  const follows: Stage = {
    name: 'follows',
    lanes: ['live'],
    after: ['waits'],
    turn: async () => {
      seen.push(committed)
      return { handled: 0, more: false }
    },
  }
  const runner = await runStage(
    workspaceId,
    async () => {
      if (isCutOff && committed === 0) {
        committed = 1
        throw new Error('the answer to the commit was lost')
      }
      return { handled: 0, more: false }
    },
    { followers: [follows] },
  )
  await runner.settle(workspaceId)
  isCutOff = true
  runner.wake(workspaceId, 'waits')
  await until(
    async () => seen.at(-1),
    (last) => last === 1,
  )
})

test('who lost the lease between a turn and its wake-up does not write over that of whoever has it now', async () => {
  const workspaceId = await addWorkspace(stores)
  const dueAt = systemClock.now() + hourMs
  let begun = false
  let wake = () => {}
  const asleep = new Promise<void>((resolve) => {
    wake = resolve
  })
  // It does not renew its lease: nothing of it runs.
  const halted = await runStage(
    workspaceId,
    async () => {
      begun = true
      await asleep
      return { handled: 0, more: false, dueAt: null }
    },
    { holder: 'halted', leaseMs: 1_000 * hourMs },
  )
  await until(
    async () => begun,
    (is) => is,
  )
  await admin('update lease set expires_at = 0 where name = $1', [shardOf(workspaceId)])
  const next = await runStage(workspaceId, async () => ({ handled: 0, more: false, dueAt }), { holder: 'next' })
  await next.settle(workspaceId)
  expect(await wakeupOf(workspaceId)).toBe(String(dueAt))
  wake()
  await halted.stop()
  await next.settle(workspaceId)
  expect(await wakeupOf(workspaceId)).toBe(String(dueAt))
})
