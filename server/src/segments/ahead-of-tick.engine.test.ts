import type { Rule } from '@baton/contract'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { dayMs } from '../kernel/index.ts'
import { auditMemberships } from './audit.ts'
import { createSegments, type Segments } from './index.ts'

let pipeline: TestPipeline
let segments: Segments
beforeAll(async () => {
  pipeline = await testPipeline(({ stores, clock, people }) => {
    const log = pino({ level: 'silent' })
    segments = createSegments({ ...stores, people, log, domainNow: async () => clock.now(), sliceSize: 3 })
    return [segments.stage]
  })
})
afterAll(() => pipeline.stop())

const edit = async (ruleKey: string, rule: Rule) => {
  const { workspaceId, stores, clock, runner } = pipeline
  await stores.postgres.inWorkspace(workspaceId, (tx) =>
    segments.putRule(tx, workspaceId, { ruleKey, ownerKind: 'segment', rule, at: clock.now() }),
  )
  runner.wake(workspaceId, 'segments')
}
const changes = () => segments.changesAfter(pipeline.workspaceId, 0, 1_000)
const historic = (userId: string, plan: string) => ({
  type: 'identify',
  userId,
  traits: { plan },
  timestamp: new Date(pipeline.clock.now() - 2 * dayMs).toISOString(),
})
const someoneWaitsForARow = async (): Promise<void> => {
  for (;;) {
    const [found] = await pipeline.stores.admin<{ waiting: number }>(
      `select count(*)::int as waiting from pg_locks where locktype = 'transactionid' and not granted`,
    )
    if ((found?.waiting ?? 0) > 0) return
  }
}

test('people whom ClickHouse holds ahead of the tick enter by their own tick, as historic, while a rule is counted', async () => {
  const { workspaceId, stores, people, runner, collect } = pipeline
  await edit('gold', { kind: 'trait', path: 'plan', is: 'equals', value: 'gold' })
  await runner.settle(workspaceId)
  await collect.appendEvents(workspaceId, 'bulk', ['ann', 'bob'].map((id) => historic(id, 'free')) as never, {
    source: 'import',
  })
  await runner.settle(workspaceId)

  // The projection writes persons and events, and can't commit before this lets go of its position.
  await stores.admin('begin')
  await stores.admin(`select from stage_position where stage = 'projection' and lane = 'bulk' for update`)
  const imported = ['ann', 'cid', 'dan', 'eve', 'fay'].map((id) => historic(id, 'gold'))
  await collect.appendEvents(workspaceId, 'bulk', imported as never, { source: 'import' })
  await someoneWaitsForARow()
  await edit('free', { kind: 'trait', path: 'plan', is: 'equals', value: 'free' })
  while (!(await segments.known(workspaceId, ['free'])).has('free'));
  const during = await changes()
  expect(during.filter(({ ruleKey }) => ruleKey === 'gold')).toEqual([])
  await stores.admin('commit')
  await runner.settle(workspaceId)

  const entered = (await changes()).filter(({ ruleKey }) => ruleKey === 'gold')
  expect(entered).toHaveLength(5)
  for (const change of entered)
    expect(change).toMatchObject({ entered: true, cause: 'behaviour', evidence: { historic: true } })
  const { batch } = await people.projected(workspaceId)
  expect((await auditMemberships(stores, workspaceId, batch)).wrong).toEqual([])
})
