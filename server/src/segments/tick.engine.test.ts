import type { Rule } from '@baton/contract'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addWorkspace, type TestPipeline, testNow, testPipeline } from '../../../tests/harness/pipeline.ts'
import { until } from '../../../tests/harness/server-process.ts'
import type { TurnOutcome } from '../jobs/index.ts'
import { dayMs, hourMs, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { auditMemberships, wrongAmong } from './audit.ts'
import { createSegments, type MasksChanged, type Segments } from './index.ts'
import { lookHere } from './look-here.test-data.ts'
import { encodeMasks } from './mask.ts'
import { refillMasks } from './refill-masks.ts'
import { loadRules } from './rule-store.ts'
import { slottedRules } from './rule-versions.ts'
import { readTick } from './tick-store.ts'

let pipeline: TestPipeline
let segments: Segments
let told: MasksChanged[] = []
/** Called while a page of changes by rules is being written. */
let duringSwap: (() => Promise<void>) | null = null
/** Called when a turn has nothing more to do, before the runner writes down that no other is due. */
let afterTurn: ((workspaceId: WorkspaceId) => Promise<void>) | null = null
interface Watching {
  readonly of: WorkspaceId
  /** Called after every turn of segments, and in every turn of a stage that follows them. */
  turned(outcome: TurnOutcome): Promise<void>
  followed(): Promise<void>
}
let watching: Watching | null = null
beforeAll(async () => {
  pipeline = await testPipeline(({ stores, clock, people }) => {
    segments = createSegments({
      ...stores,
      people,
      log: pino({ level: 'silent' }),
      domainNow: async () => clock.now(),
      consumers: [
        {
          changed: async (_, masks) => {
            told.push(masks)
            if (masks.changes.some(({ cause }) => cause === 'rule-changed')) await duringSwap?.()
          },
        },
      ],
      sliceSize: 3,
      swapPage: 2,
    })
    return [
      {
        ...segments.stage,
        turn: async (turn) => {
          const outcome = await segments.stage.turn(turn)
          if (!outcome.more && outcome.dueAt === null) await afterTurn?.(turn.workspaceId)
          if (watching?.of === turn.workspaceId) await watching.turned(outcome)
          return outcome
        },
      },
      {
        name: 'follows',
        lanes: ['live'],
        after: ['segments'],
        turn: async (turn) => {
          if (watching?.of === turn.workspaceId) await watching.followed()
          return { handled: 0, more: false }
        },
      },
    ]
  })
})
afterAll(() => pipeline.stop())

const bought = (window?: number): Rule => ({
  kind: 'event-count',
  event: 'Order Completed',
  where: [],
  is: 'at-least',
  value: 1,
  ...(window === undefined ? {} : { window: { lastMs: window } }),
})
const order = (userId: string, messageId: string, properties: object = {}) => ({
  type: 'track',
  event: 'Order Completed',
  userId,
  messageId,
  timestamp: new Date(pipeline.clock.now()).toISOString(),
  properties,
})

const edit = async (workspaceId: WorkspaceId, ruleKey: string, rule: Rule) => {
  await pipeline.stores.postgres.inWorkspace(workspaceId, (tx) =>
    segments.putRule(tx, workspaceId, { ruleKey, ownerKind: 'segment', rule, at: pipeline.clock.now() }),
  )
  pipeline.runner.wake(workspaceId, 'segments')
}
const put = async (workspaceId: WorkspaceId, ruleKey: string, rule: Rule) => {
  await edit(workspaceId, ruleKey, rule)
  await pipeline.runner.settle(workspaceId)
}
const personOf = async (userId: string) =>
  (await pipeline.people.find(pipeline.workspaceId, 'userId', userId)) ?? expect.fail(`no person ${userId}`)
const changesOf = async (ruleKey: string) =>
  (await segments.changesAfter(pipeline.workspaceId, 0, 1000)).filter((change) => change.ruleKey === ruleKey)
const holds = async (ruleKey: string, userId: string) => {
  const personId = await personOf(userId)
  const answer = await segments.holds(pipeline.workspaceId, [ruleKey], [personId])
  return answer.get(personId)?.has(ruleKey)
}

describe('the tick', () => {
  test('lets a person in by her own act and out when the window closes, to the millisecond', async () => {
    const { workspaceId, clock } = pipeline
    await put(workspaceId, 'recent', bought(hourMs))
    expect(await segments.known(workspaceId, ['recent', 'never'])).toEqual(new Set(['recent']))
    await pipeline.send(order('ann', 'm1'))
    expect(await holds('recent', 'ann')).toBe(true)
    clock.moveBy(hourMs - 1)
    await pipeline.runner.settle(workspaceId)
    expect(await holds('recent', 'ann')).toBe(true)
    clock.moveBy(1)
    await pipeline.runner.settle(workspaceId)
    expect(await holds('recent', 'ann')).toBe(false)
    const personId = await personOf('ann')
    expect(await changesOf('recent')).toMatchObject([
      { personId, entered: true, at: testNow, cause: 'behaviour', version: 1, evidence: { held: [''], failed: [] } },
      { personId, entered: false, at: testNow + hourMs, knownAt: testNow + hourMs, cause: 'time' },
    ])
  })

  test('looks at nobody for events that no rule asks about, but at everybody who is new', async () => {
    const { workspaceId } = pipeline
    const never: Rule = { kind: 'not', of: bought() }
    await put(workspaceId, 'has-not-bought', never)
    const scroll = (userId: string, messageId: string) => ({ type: 'track', event: 'Page Scrolled', userId, messageId })
    await pipeline.send(scroll('eve', 'scroll-1'))
    expect(await holds('has-not-bought', 'eve')).toBe(true)
    const handled = async () => {
      const rows = await pipeline.stores.admin<{ handled: number }>(
        `select handled::int as handled from stage_position where stage = 'segments' and lane = 'live' and workspace_id = $1`,
        [workspaceId],
      )
      return rows[0]?.handled ?? 0
    }
    const before = await handled()
    await pipeline.send(scroll('eve', 'scroll-2'), scroll('eve', 'scroll-3'))
    expect(await handled()).toBe(before)
    await pipeline.send(order('eve', 'eve-order'))
    expect(await holds('has-not-bought', 'eve')).toBe(false)
  })

  test('swaps an edited rule and those that ask for it in one instant, with its own cause', async () => {
    const { workspaceId } = pipeline
    await pipeline.send(
      ...['bob', 'cid', 'dan', 'eve', 'fay'].map((userId, index) => order(userId, `s${index}`, { total: index * 10 })),
    )
    const spent = (value: number): Rule => ({
      kind: 'event-sum',
      event: 'Order Completed',
      where: [],
      path: 'total',
      is: 'at-least',
      value,
    })
    await put(workspaceId, 'big', spent(20))
    await put(workspaceId, 'not-big', { kind: 'not', of: { kind: 'rule', ruleKey: 'big' } })
    expect([await holds('big', 'cid'), await holds('big', 'dan'), await holds('not-big', 'cid')]).toEqual([
      false,
      true,
      true,
    ])
    expect((await segments.counts(workspaceId, ['big', 'not-big'])).byRule).toEqual(
      new Map([
        ['big', 3],
        ['not-big', 3],
      ]),
    )
    told = []
    await put(workspaceId, 'big', spent(10))
    expect([await holds('big', 'cid'), await holds('not-big', 'cid')]).toEqual([true, false])
    const cid = await personOf('cid')
    const changes = (await segments.changesAfter(workspaceId, 0, 1000)).filter(
      ({ personId, version }) => personId === cid && version === 2,
    )
    expect(changes).toMatchObject([
      { ruleKey: 'big', entered: true, cause: 'rule-changed' },
      { ruleKey: 'not-big', entered: false, cause: 'rule-changed' },
    ])
    expect(new Set(changes.map(({ tick }) => tick)).size).toBe(1)
    const swap = told.find((each) => each.changes.some(({ cause }) => cause === 'rule-changed'))
    expect(swap?.changes.find(({ personId }) => personId === cid)).toMatchObject({
      before: new Set(['not-big', 'recent']),
      after: new Set(['big', 'recent']),
    })
    const before = (await segments.changesAfter(workspaceId, 0, 1000)).length
    await put(workspaceId, 'big', spent(10))
    expect((await segments.changesAfter(workspaceId, 0, 1000)).length).toBe(before)
  })

  test('while new versions are swapped in, page by page, nobody changes rules: what is told holds', async () => {
    const { workspaceId, stores, people } = pipeline
    const atLeast = (value: number): Rule => ({ ...bought(), value }) as Rule
    await pipeline.send(...['ivy', 'jan', 'kim', 'lea', 'mia'].map((userId, index) => order(userId, `w${index}`)))
    await put(workspaceId, 'buyers', atLeast(9))
    const tries: Promise<unknown>[] = []
    duringSwap = async () => {
      if (tries.length > 0) return
      const settled = edit(workspaceId, 'buyers', atLeast(8)).then(
        () => 'saved',
        (error: unknown) => error,
      )
      tries.push(settled)
      await Promise.race([settled, someoneWaitsForALock()])
    }
    await put(workspaceId, 'buyers', atLeast(1))
    duringSwap = null
    expect(await tries[0]).toMatchObject({ code: 'unavailable', remedy: expect.stringMatching(/Try again/) })
    const entered = (await changesOf('buyers')).filter(({ version }) => version === 2)
    expect(entered.length).toBeGreaterThan(4)
    await put(workspaceId, 'buyers', atLeast(8))
    expect((await segments.counts(workspaceId, ['buyers'])).byRule.get('buyers')).toBe(0)
    const { batch } = await people.projected(workspaceId)
    expect((await auditMemberships(stores, workspaceId, batch)).wrong).toEqual([])
  })

  const someoneWaitsForALock = async (): Promise<void> => {
    for (;;) {
      const [found] = await pipeline.stores.admin<{ waiting: number }>(
        `select count(*)::int as waiting from pg_locks l join pg_database d on d.oid = l.database
         where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
      )
      if ((found?.waiting ?? 0) > 0) return
    }
  }

  test('a rule saved in the last moment of a turn is counted without waiting for the next event', async () => {
    const { stores, runner, collect } = pipeline
    const workspaceId = await addWorkspace(stores)
    const purchase = order('late-rule', 'before a late rule')
    await collect.appendEvents(workspaceId, 'live', [purchase] as never, { source: 'test' })
    await runner.settle(workspaceId)
    await put(workspaceId, 'lately', bought(hourMs))

    afterTurn = async (of) => {
      if (of !== workspaceId) return
      afterTurn = null
      // As another process does it: nobody wakes the tick of this one.
      await stores.postgres.inWorkspace(workspaceId, (tx) =>
        segments.putRule(tx, workspaceId, {
          ruleKey: 'saved-late',
          ownerKind: 'segment',
          rule: bought(),
          at: pipeline.clock.now(),
        }),
      )
    }
    pipeline.clock.moveBy(2 * hourMs)
    runner.wake(workspaceId, 'segments')
    const stateOf = () =>
      stores.admin<{ state: string }>(`select state from rule where workspace_id = $1 and rule_key = 'saved-late'`, [
        workspaceId,
      ])
    const [counted] = await until(stateOf, ([rule]) => rule?.state === 'live')
    expect(counted).toEqual({ state: 'live' })
  })

  test('whoever follows is woken when a rule goes live that holds for nobody', async () => {
    const { workspaceId } = pipeline
    const isLive = async () => (await segments.known(workspaceId, ['for-nobody'])).size > 0
    const handled: number[] = []
    watching = {
      of: workspaceId,
      turned: async (outcome) => void ((await isLive()) && handled.push(outcome.handled)),
      followed: async () => undefined,
    }
    await put(workspaceId, 'for-nobody', { ...bought(), value: 1_000 } as Rule)
    watching = null
    expect(await changesOf('for-nobody')).toEqual([])
    expect(handled[0]).toBeGreaterThan(0)
  })

  test('a tick that ClickHouse takes only at the second try wakes whoever follows', async () => {
    const { stores, collect, runner } = pipeline
    const workspaceId = await addWorkspace(stores)
    await put(workspaceId, 'came', bought())
    const handled: number[] = []
    let lastSeen = 0
    watching = {
      of: workspaceId,
      turned: async (outcome) => void handled.push(outcome.handled),
      followed: async () => {
        lastSeen = await segments.tickedPosition(workspaceId, 'live')
      },
    }
    const failures = () => runner.failures().get('segments')?.count ?? 0
    const before = failures()
    await stores.clickhouse.command({ sql: 'alter table rule_mask add constraint away check 0' })
    const first = order('first-of-all', 'first of all')
    const position = await collect.appendEvents(workspaceId, 'live', [first] as never, { source: 'test' })
    await until(
      async () => failures(),
      (count) => count > before,
    )
    await stores.clickhouse.command({ sql: 'alter table rule_mask drop constraint away' })
    await until(
      async () => lastSeen,
      (seen) => seen >= position,
    )
    watching = null
    expect(handled[0]).toBe(1)
    expect(await segments.changesAfter(workspaceId, 0, 10)).toMatchObject([{ ruleKey: 'came', entered: true }])
  })

  test('refuses a circle and a rule that others ask for when it is to go, and retires one nobody needs', async () => {
    const { workspaceId, stores } = pipeline
    await expect(put(workspaceId, 'big', { kind: 'rule', ruleKey: 'not-big' })).rejects.toThrow(/circle: .*big/)
    await expect(put(workspaceId, 'x', { kind: 'rule', ruleKey: 'nowhere' })).rejects.toThrow(
      /nowhere, which is not there/,
    )
    const retire = (ruleKey: string) =>
      stores.postgres.inWorkspace(workspaceId, (tx) =>
        segments.retireRule(tx, workspaceId, ruleKey, pipeline.clock.now()),
      )
    await expect(retire('big')).rejects.toThrow(/ask for this one/)
    await retire('not-big')
    pipeline.runner.wake(workspaceId, 'segments')
    await pipeline.runner.settle(workspaceId)
    const left = (await changesOf('not-big')).filter(({ entered, cause }) => !entered && cause === 'rule-changed')
    expect(left.length).toBeGreaterThan(0)
    expect(await segments.known(workspaceId, ['not-big'])).toEqual(new Set())
  })

  test('joins the facts of merged people and lets the one who is no more leave', async () => {
    const { workspaceId } = pipeline
    await put(workspaceId, 'twice', { ...bought(), value: 2 } as Rule)
    const anonymous = (anonymousId: string, messageId: string) => ({
      ...order('', messageId),
      userId: undefined,
      anonymousId,
    })
    await pipeline.send(anonymous('a-1', 'g1'), order('gil', 'g2'))
    expect(await holds('twice', 'gil')).toBe(false)
    const lost = await pipeline.people.find(workspaceId, 'anonymousId', 'a-1')
    await pipeline.send({ type: 'identify', userId: 'gil', anonymousId: 'a-1', messageId: 'g3' })
    expect(await holds('twice', 'gil')).toBe(true)
    const gil = await personOf('gil')
    const gone = [lost, ...(await segments.changesAfter(workspaceId, 0, 1000)).map(({ personId }) => personId)].find(
      (each) => each !== gil && each === lost,
    )
    expect((await changesOf('twice')).find(({ personId }) => personId === gil)).toMatchObject({
      entered: true,
      cause: 'merged',
    })
    if (gone) expect(await segments.holds(workspaceId, ['big'], [gone])).toEqual(new Map())
  })

  test('writes the masks of a sealed tick again after a stop in between', async () => {
    const { workspaceId, stores } = pipeline
    await pipeline.send(order('hal', 'h1', { total: 500 }))
    const before = await segments.counts(workspaceId, ['big', 'recent'])
    const stateBefore = await stores.postgres.inWorkspace(workspaceId, (tx) => readTick(tx, workspaceId))
    await stores.admin(`update segment_tick set masks = $1 where workspace_id = $2`, [
      await maskOfNewest(),
      workspaceId,
    ])
    await stores.clickhouse.command({
      sql: 'alter table rule_mask delete where workspace_id = {workspaceId:UUID} and version = {version:UInt64}',
      params: { workspaceId, version: stateBefore.number },
      settings: { mutations_sync: '2' },
    })
    pipeline.runner.wake(workspaceId, 'segments')
    await pipeline.runner.settle(workspaceId)
    const after = await stores.postgres.inWorkspace(workspaceId, (tx) => readTick(tx, workspaceId))
    expect(after.masks).toBeNull()
    expect(await segments.counts(workspaceId, ['big', 'recent'])).toEqual(before)
  })

  const maskOfNewest = async (): Promise<Buffer> => {
    const { workspaceId, stores } = pipeline
    const state = await stores.postgres.inWorkspace(workspaceId, (tx) => readTick(tx, workspaceId))
    const rows = await stores.clickhouse.query<{
      personId: never
      words: number[]
      nextChangeAt: number
      gone: boolean
    }>({
      sql: `select toString(person_id) as personId, words, next_change_at as nextChangeAt, gone from rule_mask
        where workspace_id = {workspaceId:UUID} and version = {version:UInt64}`,
      params: { workspaceId, version: state.number },
    })
    return encodeMasks(rows)
  }

  test('masks that were lost with ClickHouse are as they were; nobody enters or leaves by it', async () => {
    const { stores, workspaceId, people } = pipeline
    const masks = () =>
      stores.clickhouse.query({
        sql: `select person_id, words, next_change_at from rule_mask final
          where workspace_id = {workspaceId:UUID} and not gone order by person_id`,
        params: { workspaceId },
      })
    const before = await masks()
    expect(before.length).toBeGreaterThan(0)
    const wipe = 'alter table rule_mask delete where workspace_id = {workspaceId:UUID}'
    await stores.clickhouse.command({ sql: wipe, params: { workspaceId }, settings: { mutations_sync: '2' } })
    const { rules, state } = await stores.postgres.inWorkspace(workspaceId, async (tx) => ({
      rules: await loadRules(tx, workspaceId),
      state: await readTick(tx, workspaceId),
    }))
    const projected = await people.projected(workspaceId)
    const behind = { ...projected, live: (state.live - 1) as typeof state.live }
    expect(await refillMasks({ ...stores, people }, workspaceId, { state, rules, projected: behind })).toBe('waiting')
    expect(await refillMasks({ ...stores, people }, workspaceId, { state, rules, projected })).toBe('done')
    expect(await masks()).toEqual(before)
    expect(await refillMasks({ ...stores, people }, workspaceId, { state, rules, projected })).toBe('not-needed')
  })

  test('a history of ticks ends where one look at everybody would: incremental equals full', async () => {
    const workspaceId = await addWorkspace(pipeline.stores)
    const { stores, clock, collect, runner } = pipeline
    await put(workspaceId, 'recent', bought(hourMs))
    await put(workspaceId, 'often', { ...bought(dayMs), value: 2 } as Rule)
    await put(workspaceId, 'known', { kind: 'trait', path: 'name', is: 'exists' })
    await put(workspaceId, 'lapsed', {
      kind: 'and',
      of: [bought(), { kind: 'not', of: { kind: 'rule', ruleKey: 'recent' } }],
    })
    const act = fc.record({
      who: fc.nat(12),
      what: fc.constantFrom('order', 'order', 'order', 'identify', 'view', 'edit'),
      waitMs: fc.oneof(fc.constant(0), fc.nat(hourMs)),
    })
    let message = 0
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
        for (const { who, what, waitMs } of acts) {
          clock.moveBy(waitMs)
          message += 1
          // Everybody is counted in slices of three while the acts after this one come in.
          if (what === 'edit') {
            await edit(workspaceId, 'often', { ...bought(dayMs), value: 1 + (who % 3) } as Rule)
            continue
          }
          const head = { anonymousId: `anon-${who}`, messageId: `i${message}` }
          const event =
            what === 'order'
              ? { type: 'track', event: 'Order Completed', ...head }
              : what === 'view'
                ? { type: 'page', ...head }
                : { type: 'identify', userId: `u${who % 3}`, traits: { name: `N${who}` }, ...head }
          await collect.appendEvents(workspaceId, 'live', [event] as never, { source: 'test' })
        }
        await runner.settle(workspaceId)
        const { rules, state } = await stores.postgres.inWorkspace(workspaceId, async (tx) => ({
          rules: await loadRules(tx, workspaceId),
          state: await readTick(tx, workspaceId),
        }))
        const { batch } = await pipeline.people.projected(workspaceId)
        const everybody = await stores.clickhouse.query<{ personId: PersonId }>({
          sql: 'select distinct toString(person_id) as personId from person where workspace_id = {workspaceId:UUID}',
          params: { workspaceId },
        })
        const persons = everybody.map(({ personId }) => personId)
        const query = { workspaceId, now: state.now, batch }
        const { read, remembered } = await lookHere(stores.clickhouse, slottedRules(rules), query, persons)
        expect(wrongAmong(read.differences, rules)).toEqual([])
        expect(wrongAmong(remembered.differences, rules)).toEqual([])
        expect((await auditMemberships(stores, workspaceId, batch)).wrong).toEqual([])
      }),
      { numRuns: Number(process.env.BATON_PROPERTY_RUNS ?? 12) },
    )
  }, 300_000)
})

describe('a tick that can’t be done whole', () => {
  test('goes on without somebody whose changes can’t be written, and names her', async () => {
    const { workspaceId, stores, runner } = pipeline
    const users = Array.from({ length: 9 }, (_, n) => `ill-${n}`)
    await pipeline.send(...users.map((userId) => ({ type: 'track', event: 'Came By', userId })))
    const ill = await personOf('ill-4')
    await stores.admin(`alter table membership_change add constraint no_poison check (person_id <> '${ill}') not valid`)
    await put(workspaceId, 'wrote', { kind: 'event-count', event: 'Wrote', where: [], is: 'at-least', value: 1 })
    await pipeline.send(...users.map((userId) => ({ type: 'track', event: 'Wrote', userId })))
    const entered = async () => (await changesOf('wrote')).map((change) => change.personId)
    expect(new Set(await entered())).toEqual(
      new Set(await Promise.all(users.filter((userId) => userId !== 'ill-4').map(personOf))),
    )
    const aside = await stores.admin<{ item: string; reason: string }>(
      `select item, reason from quarantined_item where stage = 'segments' and kind = 'person'`,
    )
    expect(aside).toEqual([{ item: ill, reason: expect.stringContaining('no_poison') }])

    // Once it can be written, the next thing she does brings all of it.
    await stores.admin('alter table membership_change drop constraint no_poison')
    await pipeline.send({ type: 'track', event: 'Wrote', userId: 'ill-4' })
    expect(await entered()).toContain(ill)
    expect(await holds('wrote', 'ill-4')).toBe(true)
    await runner.settle(workspaceId)
  })
})
