import type { Rule } from '@baton/contract'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestPipeline, testPipeline } from '../../../tests/harness/pipeline.ts'
import { createRunner, holdWorkers, type Stage } from '../jobs/index.ts'
import { systemClock } from '../kernel/index.ts'
import { rebuildProjection } from '../people/index.ts'
import { auditMemberships } from './audit.ts'
import { createSegments, type Segments } from './index.ts'
import { refillMasks } from './refill-masks.ts'
import { loadRules } from './rule-store.ts'
import { readTick } from './tick-store.ts'

let pipeline: TestPipeline
let segments: Segments
let newSegments: () => Segments
beforeAll(async () => {
  pipeline = await testPipeline(({ stores, clock, people }) => {
    const log = pino({ level: 'silent' })
    newSegments = () =>
      createSegments({ ...stores, people, log, domainNow: async () => clock.now(), sliceSize: 3, refilledAtOnce: 2 })
    segments = newSegments()
    return [segments.stage]
  })
  await put('bought', bought)
  await put('never', { kind: 'not', of: bought })
  await pipeline.send(...['ann', 'bob', 'cid', 'dan'].map((userId) => order(userId)), visit('eve'), visit('fay'))
})
afterAll(() => pipeline.stop())

const bought: Rule = { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 }
const order = (userId: string) => ({ type: 'track', event: 'Order Completed', userId })
const visit = (userId: string) => ({ type: 'track', event: 'Page Scrolled', userId })

const put = async (ruleKey: string, rule: Rule) => {
  const { workspaceId, stores, clock, runner } = pipeline
  await stores.postgres.inWorkspace(workspaceId, (tx) =>
    segments.putRule(tx, workspaceId, { ruleKey, ownerKind: 'segment', rule, at: clock.now() }),
  )
  runner.wake(workspaceId, 'segments')
  await runner.settle(workspaceId)
}
const changes = () => segments.changesAfter(pipeline.workspaceId, 0, 1_000)
const masks = () =>
  pipeline.stores.clickhouse.query<{ personId: string; words: number[] }>({
    sql: `select toString(person_id) as personId, words from rule_mask final
      where workspace_id = {workspaceId:UUID} and not gone order by person_id`,
    params: { workspaceId: pipeline.workspaceId },
  })
const personOf = async (userId: string) =>
  (await pipeline.people.find(pipeline.workspaceId, 'userId', userId)) ?? expect.fail(`no person ${userId}`)
/** Lets these stages come to rest, by a worker of their own. */
const settle = async (stages: readonly Stage[]) => {
  const { stores, clock, workspaceId } = pipeline
  const log = pino({ level: 'silent' })
  const domainNow = async () => clock.now()
  const runner = createRunner({ ...stores, clock: systemClock, log, stages, domainNow, holder: 'another' })
  await runner.start()
  await runner.settle(workspaceId)
  await runner.stop()
}
const wrong = async () => {
  const { stores, people, workspaceId } = pipeline
  return (await auditMemberships(stores, workspaceId, (await people.projected(workspaceId)).batch)).wrong
}

test('a refill that fails after its first slice is done whole by the next one', async () => {
  const { stores, people, workspaceId } = pipeline
  const [before, told] = [await masks(), await changes()]
  expect(before).toHaveLength(6)
  const { clickhouse } = stores
  await clickhouse.command({ sql: 'truncate table rule_mask' })
  const refused = before.at(-1)?.personId ?? expect.fail('there are masks')
  await clickhouse.command({ sql: `alter table rule_mask add constraint poison check person_id != '${refused}'` })
  const asOf = await stores.postgres.inWorkspace(workspaceId, async (tx) => ({
    state: await readTick(tx, workspaceId),
    rules: await loadRules(tx, workspaceId),
  }))
  const refill = async () =>
    refillMasks({ ...stores, people, refilledAtOnce: 2 }, workspaceId, {
      ...asOf,
      projected: await people.projected(workspaceId),
    })
  await expect(refill()).rejects.toThrow(/poison/)
  expect((await masks()).length).toBeGreaterThan(0)
  expect((await masks()).length).toBeLessThan(6)
  await clickhouse.command({ sql: 'alter table rule_mask drop constraint poison' })
  expect(await refill()).toBe('done')
  expect(await masks()).toEqual(before)
  expect(await refill()).toBe('not-needed')
  expect(await changes()).toEqual(told)
})

test('with ClickHouse lost nobody enters or leaves before a rebuild, and after it only by what people did', async () => {
  const { stores, people, workspaceId, clock, runner, collect } = pipeline
  const told = await changes()
  await runner.stop()
  for (const table of ['event', 'person', 'subject_person', 'customer_order', 'rule_mask', 'whole_part'])
    await stores.clickhouse.command({ sql: `truncate table ${table}` })
  // Life goes on meanwhile: ann is known, eve buys for the first time, gus is new.
  await collect.appendEvents(workspaceId, 'live', [order('ann'), order('eve'), order('gus')] as never, {
    source: 'test',
  })
  await settle(people.stages)
  const lease = { name: 'nobody', token: 99 }
  const turn = { workspaceId, lane: 'live' as const, now: clock.now(), lease, signal: new AbortController().signal }
  const waiting = newSegments()
  await expect(waiting.stage.turn(turn)).rejects.toThrow(/run "baton rebuild"/)
  await expect(waiting.stage.turn(turn)).rejects.toThrow(/run "baton rebuild"/)
  expect([await masks(), await changes()]).toEqual([[], told])

  const rebuilt = await rebuildProjection({
    ...stores,
    feed: people.feed,
    workspaces: async () => [workspaceId],
    holdWorkers: (work) => holdWorkers({ ...stores, clock: systemClock }, work),
    signal: new AbortController().signal,
    progress: () => undefined,
  })
  expect(rebuilt).toMatchObject({ kind: 'rebuilt', people: 7 })
  const stages = [...people.stages, waiting.stage]
  await settle(stages)
  for (const userId of ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'])
    await collect.appendEvents(workspaceId, 'live', [order(userId)] as never, { source: 'test' })
  await settle(stages)
  const [eve, fay, gus] = await Promise.all(['eve', 'fay', 'gus'].map(personOf))
  const since = (await changes()).slice(told.length)
  const sides = since.map(({ personId, ruleKey, entered, cause }) => `${personId} ${ruleKey} ${entered} ${cause}`)
  expect(sides.sort()).toEqual(
    [
      `${eve} bought true behaviour`,
      `${eve} never false behaviour`,
      `${fay} bought true behaviour`,
      `${fay} never false behaviour`,
      `${gus} bought true behaviour`,
    ].sort(),
  )
  expect(await wrong()).toEqual([])
})

test('who changes while masks are refilled enters by what she did, whichever slice she is in', async () => {
  const { stores, people, workspaceId, collect, clock } = pipeline
  const anew = newSegments()
  const stages = [...people.stages, anew.stage]
  const rule: Rule = { kind: 'trait', path: 'tier', is: 'exists' }
  await stores.postgres.inWorkspace(workspaceId, (tx) =>
    anew.putRule(tx, workspaceId, { ruleKey: 'loyal', ownerKind: 'segment', rule, at: clock.now() }),
  )
  await settle(stages)
  const told = await changes()
  const last = (await masks()).at(-1)?.personId ?? expect.fail('there are masks')
  const users = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus']
  const persons: readonly string[] = await Promise.all(users.map(personOf))
  const userId = users[persons.indexOf(last)]
  await stores.clickhouse.command({ sql: 'truncate table rule_mask' })
  const asOf = await stores.postgres.inWorkspace(workspaceId, async (tx) => ({
    state: await readTick(tx, workspaceId),
    rules: await loadRules(tx, workspaceId),
  }))
  let slices = 0
  const clickhouse: typeof stores.clickhouse = {
    ...stores.clickhouse,
    insert: async (insert) => {
      slices += 1
      if (slices === 2) {
        const tells = { type: 'identify', userId, traits: { tier: 'gold' } }
        await collect.appendEvents(workspaceId, 'live', [tells] as never, { source: 'test' })
        await settle(people.stages)
      }
      return stores.clickhouse.insert(insert)
    },
  }
  const projected = await people.projected(workspaceId)
  const deps = { ...stores, clickhouse, people, refilledAtOnce: 2 }
  expect(await refillMasks(deps, workspaceId, { ...asOf, projected })).toBe('done')
  expect(await changes()).toEqual(told)
  await settle(stages)
  expect((await changes()).slice(told.length)).toMatchObject([
    { personId: last, ruleKey: 'loyal', entered: true, cause: 'behaviour' },
  ])
  expect(await wrong()).toEqual([])
})
