import pino from 'pino'
import { type Collect, createCollect } from '../../server/src/collect/index.ts'
import { createRunner, type Runner, type Stage } from '../../server/src/jobs/index.ts'
import { movableClock, newId, systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { createPeople, type People } from '../../server/src/people/index.ts'
import { type TestStores, testStores } from './stores.ts'

export interface TestPipeline {
  readonly stores: TestStores
  readonly clock: ReturnType<typeof movableClock>
  readonly workspaceId: WorkspaceId
  readonly collect: Collect
  readonly people: People
  readonly runner: Runner
  /** Sends events as a write key would and waits until every stage has handled them. */
  send(...events: readonly object[]): Promise<void>
  stop(): Promise<void>
}

/** Any will do: nobody restores a test. */
export const tombstoneKey = Buffer.from('tombstones of tests')

/** 2026-03-02, a Monday, noon UTC. */
export const testNow = Date.UTC(2026, 2, 2, 12)

/** One more workspace in these stores. */
export const addWorkspace = async (stores: TestStores, at = testNow): Promise<WorkspaceId> => {
  const workspaceId = newId<WorkspaceId>()
  await stores.admin(
    `insert into workspace (workspace_id, name, currency, time_zone, created_at) values ($1, 'Test', 'EUR', 'Europe/Madrid', $2)`,
    [workspaceId, at],
  )
  return workspaceId
}

/**
 * The log and the people stages on real engines, with one workspace, plus whatever stages a test adds. Receipt and
 * domain time are one movable clock; leases and retries run with the machine.
 */
export const testPipeline = async (
  moreStages: (base: Pick<TestPipeline, 'stores' | 'clock' | 'collect' | 'people'>) => readonly Stage[] = () => [],
): Promise<TestPipeline> => {
  const stores = await testStores()
  const clock = movableClock(testNow)
  const workspaceId = await addWorkspace(stores)
  const { postgres, clickhouse } = stores
  const collect = createCollect({ postgres, clock })
  await collect.tendPartitions()
  const domainNow = async () => clock.now()
  const people = createPeople({ postgres, clickhouse, collect, currencyOf: async () => 'EUR', domainNow, tombstoneKey })
  const stages = [...people.stages, ...moreStages({ stores, clock, collect, people })]
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const runner = createRunner({ postgres, clock: systemClock, log, stages, domainNow, holder: 'test' })
  await runner.start()
  return {
    stores,
    clock,
    workspaceId,
    collect,
    people,
    runner,
    send: async (...events) => {
      await collect.appendEvents(workspaceId, 'live', events as never, { source: 'test' })
      await runner.settle(workspaceId)
    },
    stop: async () => {
      await runner.stop()
      await collect.writer.drain()
    },
  }
}
