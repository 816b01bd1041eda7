import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testMessaging } from '../../../tests/harness/messaging.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { movableClock, newId, type WorkspaceId } from '../kernel/index.ts'
import { emptyLedger } from './ledger-balance.ts'
import { metrics } from './metric-list.ts'
import { createMetrics } from './metrics.ts'
import { createOperations } from './operations.ts'
import { engineProbes } from './probes.ts'

const at = Date.UTC(2026, 10, 21, 12)
const kinds = { postgres: 'embedded', clickhouse: 'server' } as const

const opened = async () => {
  const stores = await testStores()
  const workspaceId = newId<WorkspaceId>()
  await stores.admin(
    `insert into workspace (workspace_id, name, currency, time_zone, created_at) values ($1, 'Shop', 'EUR', 'UTC', 1)`,
    [workspaceId],
  )
  await stores.admin(`insert into lease (name, holder, token, expires_at) values ('shard:0', 'w', 1, $1)`, [at + 5_000])
  const operations = createOperations({
    postgres: stores.postgres,
    clock: movableClock(at),
    engines: engineProbes(stores, kinds),
    stages: [{ name: 'people', lanes: ['live', 'bulk'], after: ['log'] }],
    processes: () => ({ processes: [], failures: new Map() }),
    workspaces: async () => [],
    ledger: null,
    dataFolder: '/tmp',
  })
  const log = (position: number, lane: string, events: number, receivedAt: number) =>
    stores.admin(
      'insert into log_entry (position, workspace_id, lane, event_count, received_at) values ($1, $2, $3, $4, $5)',
      [position, workspaceId, lane, events, receivedAt],
    )
  const stand = (stage: string, lane: string, position: number, updatedAt: number) =>
    stores.admin(
      'insert into stage_position (workspace_id, stage, lane, position, handled, updated_at) values ($1, $2, $3, $4, 7, $5)',
      [workspaceId, stage, lane, position, updatedAt],
    )
  return { stores, workspaceId, operations, log, stand }
}

describe('the operations page', () => {
  test('is calm when every stage has passed everything that was acknowledged', async () => {
    const { workspaceId, operations, log, stand } = await opened()
    await log(10, 'live', 5, at - 60_000)
    await stand('people', 'live', 10, at - 59_000)
    const page = await operations.look(workspaceId)
    expect(page.problems).toEqual([])
    expect(page.state).toBe('ok')
    expect(page.stages).toMatchObject([{ stage: 'people', lane: 'live', lagMs: 0, eventsBehind: 0, handled: 7 }])
    expect(page.engines.map(({ name, kind, state }) => `${name} ${kind} ${state}`)).toEqual([
      'postgres embedded ok',
      'clickhouse server ok',
    ])
    expect(page.workers).toMatchObject([{ holder: 'w', leases: 1 }])
  })

  test('counts what lies beyond a stage, lane by lane, and names the one that stands still', async () => {
    const { workspaceId, operations, log, stand } = await opened()
    await log(10, 'live', 5, at - 60_000)
    await log(11, 'live', 20, at - 30_000)
    await log(12, 'live', 3, at - 1_000)
    await log(13, 'bulk', 500, at - 1_000)
    await stand('people', 'live', 10, at - 30_000)
    const page = await operations.look(workspaceId)
    expect(page.stages).toMatchObject([
      { stage: 'people', lane: 'live', lagMs: 30_000, eventsBehind: 23, state: 'failed' },
      { stage: 'people', lane: 'bulk', lagMs: 1_000, eventsBehind: 500, state: 'ok' },
    ])
    expect(page.problems.map(({ name }) => name)).toEqual(['people (live)'])
  })

  test('names the worker when nobody holds a lease', async () => {
    const { stores, workspaceId, operations } = await opened()
    await stores.admin('update lease set expires_at = $1', [at - 1])
    expect((await operations.look(workspaceId)).problems.map(({ part }) => part)).toEqual(['worker'])
  })

  test('names a transaction that writes for longer than a second', async () => {
    const { stores, operations, workspaceId } = await opened()
    const soon = createOperations({
      postgres: stores.postgres,
      clock: { now: () => Date.now() + 5_000 },
      engines: [],
      stages: [],
      processes: () => ({ processes: [], failures: new Map() }),
      workspaces: async () => [],
      ledger: null,
      dataFolder: '/tmp',
    })
    expect((await operations.look(workspaceId)).longWrites).toEqual([])
    await stores.postgres.inWorkspace(workspaceId, async (tx) => {
      await tx.executeQuery(CompiledQuery.raw(`select pg_current_xact_id()`))
      const { longWrites, problems } = await soon.look(workspaceId)
      expect(longWrites).toHaveLength(1)
      expect(problems.some(({ sentence }) => sentence.includes('A transaction has been writing'))).toBe(true)
    })
  })

  test('says which engine is down, and still answers', async () => {
    const { stores, workspaceId } = await opened()
    const operations = createOperations({
      postgres: stores.postgres,
      clock: movableClock(at),
      engines: [
        ...engineProbes(stores, kinds).slice(0, 1),
        { name: 'clickhouse', kind: 'server', version: () => Promise.reject(new Error('connect ECONNREFUSED')) },
      ],
      stages: [],
      processes: () => ({ processes: [], failures: new Map() }),
      workspaces: async () => [],
      ledger: () => Promise.reject(new Error('no')),
      dataFolder: '/tmp',
    })
    const page = await operations.look(workspaceId)
    expect(page.problems[0]).toMatchObject({
      part: 'clickhouse',
      sentence: 'ClickHouse does not answer: connect ECONNREFUSED',
    })
    expect((await operations.lookAtMachine()).state).toBe('failed')
  })

  test('an engine that hangs is named, since when it does, and the question to it is taken back', async () => {
    const { stores, workspaceId } = await opened()
    const clock = movableClock(at)
    let hangs = false
    const takenBack: AbortSignal[] = []
    const operations = createOperations({
      postgres: stores.postgres,
      clock,
      engines: [
        {
          name: 'postgres',
          kind: 'embedded',
          version: (signal) => {
            if (!hangs) return Promise.resolve('18.4')
            takenBack.push(signal)
            return new Promise(() => {})
          },
        },
      ],
      stages: [],
      processes: () => ({ processes: [], failures: new Map() }),
      workspaces: async () => [],
      ledger: null,
      dataFolder: '/tmp',
    })
    expect((await operations.look(workspaceId)).engines).toMatchObject([{ state: 'ok', awaySince: null }])
    hangs = true
    clock.moveBy(60_000)
    expect((await operations.lookAtMachine()).problems[0]).toMatchObject({ part: 'postgres', since: at + 60_000 })
    clock.moveBy(60_000)
    expect((await operations.lookAtMachine()).problems[0]).toMatchObject({ part: 'postgres', since: at + 60_000 })
    expect(takenBack.map(({ aborted }) => aborted)).toEqual([true, true])
    hangs = false
    expect((await operations.lookAtMachine()).engines).toMatchObject([{ state: 'ok', awaySince: null }])
  })

  test('says why events were set aside, of this workspace only', async () => {
    const { stores, workspaceId, operations } = await opened()
    const setAside = (owner: WorkspaceId, position: number, reason: string) =>
      stores.admin(
        `insert into quarantined_event (workspace_id, position, event_index, received_at, reason, detail, event)
        values ($1, $2, 0, $3, $4, '', '')`,
        [owner, position, at + position, reason],
      )
    await setAside(workspaceId, 1, 'too-deep')
    await setAside(workspaceId, 2, 'bad-time')
    await setAside(workspaceId, 3, 'bad-time')
    await setAside(newId<WorkspaceId>(), 4, 'too-large')
    expect((await operations.look(workspaceId)).setAside).toEqual({
      events: 3,
      countedUpTo: 1_000,
      reasons: [
        {
          reason: 'bad-time',
          explanation: 'The timestamp must be an ISO 8601 date between 1970 and one day from now.',
          events: 2,
          newestAt: at + 3,
        },
        { reason: 'too-deep', explanation: 'Objects may be nested at most 20 deep.', events: 1, newestAt: at + 1 },
      ],
    })
  })

  test('metrics are sums over workspaces and name none of them', async () => {
    const { workspaceId, operations, log, stand } = await opened()
    await log(11, 'live', 20, at - 3_000)
    await stand('people', 'live', 10, at)
    const { text } = await createMetrics(operations)()
    expect(text).toContain('baton_stage_lag_seconds{stage="people",lane="live"} 3')
    expect(text).toContain('baton_stage_events_behind{stage="people",lane="live"} 20')
    expect(text).toContain('baton_engine_up{engine="clickhouse"} 1')
    expect(text).not.toContain(workspaceId)
  })

  test('metrics say where every planned message is, and by how many the ledger is wrong', async () => {
    const { stores } = await opened()
    const m = await testMessaging(stores)
    const other = await testMessaging(stores)
    const scrape = createMetrics(
      createOperations({
        postgres: stores.postgres,
        clock: movableClock(at),
        engines: [],
        stages: [],
        processes: () => ({ processes: [], failures: new Map() }),
        workspaces: async () => [m.workspaceId, other.workspaceId],
        ledger: m.messages.balance,
        dataFolder: '/tmp',
      }),
    )
    await m.plan(m.intent(await m.person('ada@example.com')), m.intent(await m.person('bea@example.com', false)))
    await m.turn()
    await m.plan(m.intent(await m.person('cem@example.com')))
    await other.plan(other.intent(await other.person('dora@example.com')))
    const { text } = await scrape()
    for (const line of [
      'baton_ledger_planned_messages 4',
      'baton_ledger_messages{state="accepted"} 1',
      'baton_ledger_messages{state="dropped"} 1',
      'baton_ledger_messages{state="uncertain"} 0',
      'baton_ledger_messages{state="on_their_way"} 2',
      'baton_ledger_difference_messages 0',
      `baton_ledger_counted_timestamp_seconds ${at / 1000}`,
    ])
      expect(text.split('\n')).toContain(line)

    await stores.admin(`delete from message where workspace_id = $1 and state = 'dropped'`, [m.workspaceId])
    await stores.admin('delete from message_transition where workspace_id = $1', [other.workspaceId])
    expect((await scrape()).text.split('\n')).toContain('baton_ledger_difference_messages 2')
    await m.close()
    await other.close()
  })

  test('metrics tell of a stage that keeps failing, of what it set aside, and of processes that were started again', async () => {
    const { stores, workspaceId } = await opened()
    await stores.admin(
      `insert into quarantined_item (workspace_id, stage, lane, kind, item, position, reason, at) values ($1, 'people', 'live', 'batch', '7', 7, 'no', $2)`,
      [workspaceId, at],
    )
    const operations = createOperations({
      postgres: stores.postgres,
      clock: movableClock(at),
      engines: [],
      stages: [
        { name: 'people', lanes: ['live'], after: ['log'] },
        { name: 'policy', lanes: ['live'], after: ['people'] },
      ],
      processes: () => ({
        processes: [{ name: 'PostgreSQL', state: 'running', pid: 7, restarts: 2, since: at }],
        failures: new Map([['people', { count: 3, last: 'no', at }]]),
      }),
      workspaces: async () => [workspaceId],
      ledger: async () => emptyLedger,
      dataFolder: '/tmp',
    })
    const lines = (await createMetrics(operations)()).text.split('\n')
    expect(lines).toContain('baton_stage_failures_total{stage="people"} 3')
    expect(lines).toContain('baton_stage_failures_total{stage="policy"} 0')
    expect(lines).toContain('baton_process_restarts_total{process="postgresql"} 2')
    expect(lines).toContain('baton_stage_items_set_aside{stage="people",lane="live"} 1')
  })

  test('metrics say nothing of what PostgreSQL would have to tell while it is away', async () => {
    const operations = createOperations({
      postgres: null,
      clock: movableClock(at),
      engines: [{ name: 'postgres', kind: 'embedded', version: () => Promise.reject(new Error('no')) }],
      stages: [{ name: 'people', lanes: ['live'], after: ['log'] }],
      processes: () => ({ processes: [], failures: new Map() }),
      workspaces: async () => [],
      ledger: null,
      dataFolder: '/tmp',
    })
    const { text } = await createMetrics(operations)()
    expect(text).toContain('baton_engine_up{engine="postgres"} 0')
    expect(text).not.toMatch(/^baton_(stage|workers|oldest|ledger)/m)
  })

  test('every metric is in the guide, with its labels', async () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/operate.md'), 'utf8')
    for (const { name, labels } of metrics) {
      const row = guide.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``))
      expect(row, name).toBeDefined()
      for (const label of labels) expect(row).toContain(`\`${label}\``)
    }
  })

  test('metrics say nothing of a ledger that nobody could count', async () => {
    const { operations } = await opened()
    expect((await createMetrics(operations)()).text).not.toMatch(/^baton_ledger_/m)
  })
})
