import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { brandAs, hourMs, type JourneyId, minuteMs, type PersonId, type RunId } from '../kernel/index.ts'
import { createJourneyArchive } from './journey-archive.ts'
import { abandonedCart, templateId } from './journey-fixture.ts'
import { imbalances, testJourneys } from './stage-fixture.ts'

const it = test
const world = await testJourneys()
const { clock, send, settleAll, planned, runs, journeys, admin, membership } = world
const cart = (id: string) => ({ cart_id: id })

beforeEach(async () => {
  await admin(
    'truncate journey, journey_version, journey_run, journey_run_step, journey_run_late, journey_tally, planned',
  )
  membership.ticked = Number.MAX_SAFE_INTEGER
  membership.holding.clear()
  membership.changes = []
  await world.settle(world.peopleStage)
  await world.settle(journeys.stage)
  clock.moveBy(hourMs)
  return async () => {
    expect(await imbalances(admin)).toEqual([])
  }
})

describe('the abandoned cart', () => {
  const begin = async () => {
    await world.publish(abandonedCart)
    await send('Product Added', cart('c1'))
    await settleAll()
  }

  it('an order received by 59:59.999 is never mailed about, although the pipeline was held for 5 s', async () => {
    await begin()
    clock.moveBy(hourMs - 1)
    await send('Order Completed', cart('c1'))
    clock.moveBy(5_001)
    // Journeys get their turn, people do not: the deadline has passed, yet nothing may fire.
    const held = await world.turn(journeys.stage)
    expect(held).toMatchObject({ handled: 0, more: false })
    expect(held.retryInMs).toBeGreaterThan(0)
    expect(await planned()).toEqual([])
    await settleAll()
    clock.moveBy(hourMs)
    await settleAll()
    expect(await planned()).toEqual([])
    expect(await runs()).toMatchObject([{ state: 'finished', reason: 'finished', late: 0 }])
  })

  it('an order received at 60:00.000 is mailed about once, and the run shows that it arrived late', async () => {
    await begin()
    clock.moveBy(hourMs)
    await send('Order Completed', cart('c1'))
    clock.moveBy(5_000)
    await settleAll()
    await settleAll()
    expect(await planned()).toMatchObject([{ step_id: 'mail', instance: 2 }])
    const [run] = await runs()
    expect(run).toMatchObject({ state: 'finished', late: 1 })
  })

  it('the mail is planned at the deadline itself, in the turn that the wake-up asks for', async () => {
    await begin()
    const outcome = await settleAll()
    expect(outcome.dueAt).toBe(clock.now() + hourMs)
    clock.moveTo(outcome.dueAt ?? 0)
    await settleAll()
    expect((await planned()).map((row) => Number(row.planned_at))).toEqual([outcome.dueAt])
  })

  it('an order that is being written while the deadline passes is waited for', async () => {
    await begin()
    const writer = new pg.Client({ connectionString: world.stores.databaseUrl })
    await writer.connect()
    await writer.query('begin; select baton_begin_log_write()')
    clock.moveBy(hourMs)
    const outcome = await world.turn(journeys.stage)
    const plannedMeanwhile = await planned()
    await writer.query('commit')
    await writer.end()
    expect(outcome.retryInMs).toBeGreaterThan(0)
    expect(plannedMeanwhile).toEqual([])
    await settleAll()
    expect(await planned()).toHaveLength(1)
  })

  it('the order twice, the cart filled twice, and an order of another cart', async () => {
    await world.publish(abandonedCart)
    for (const id of ['c1', 'c1', 'c2']) await send('Product Added', cart(id))
    await send('Order Completed', cart('c1'))
    await send('Order Completed', cart('c1'))
    await settleAll()
    clock.moveBy(hourMs)
    await settleAll()
    expect(await planned()).toHaveLength(1)
    expect(await runs()).toMatchObject([
      { entry_key: 'c1', state: 'finished', late: 0 },
      { entry_key: 'c2', state: 'finished', late: 0 },
    ])
  })

  it('the very same event again changes nothing', async () => {
    await world.publish(abandonedCart)
    await send('Product Added', cart('c1'), { messageId: 'the same' })
    await send('Product Added', cart('c1'), { messageId: 'the same' })
    await settleAll()
    expect(await runs()).toHaveLength(1)
  })

  it('what is historic starts nothing and wakes nothing', async () => {
    await begin()
    await send('Product Added', cart('c2'), { historic: true })
    await send('Order Completed', cart('c1'), { historic: true })
    await settleAll()
    expect(await runs()).toMatchObject([{ entry_key: 'c1', state: 'active' }])
  })

  it('an event of the bulk lane that is not historic acts like any other', async () => {
    await world.publish(abandonedCart)
    await send('Product Added', cart('c1'), { lane: 'bulk' })
    await world.settle(world.peopleStage, 'bulk')
    await world.settle(journeys.stage, 'bulk')
    expect(await runs()).toMatchObject([{ state: 'active' }])
    clock.moveBy(hourMs)
    await settleAll()
    expect(await planned()).toHaveLength(1)
  })
})

describe('two workers, and a crash', () => {
  it('the worker that lost its lease commits nothing; the other does it once', async () => {
    await world.publish(abandonedCart)
    await send('Product Added', cart('c1'))
    await world.settle(world.peopleStage)
    await admin(`update lease set token = 2 where name = 'test'`)
    await expect(world.act(1)).rejects.toThrow(/held by another worker/)
    expect(await runs()).toEqual([])
    await world.act(2)
    expect(await runs()).toHaveLength(1)
    await admin(`update lease set token = 1 where name = 'test'`)
  })

  it('two turns at once over the same batch make each run once', async () => {
    await world.publish(abandonedCart)
    for (let index = 0; index < 20; index += 1)
      await send('Product Added', cart(`c${index}`), { user: { userId: `u${index}` } })
    await world.settle(world.peopleStage)
    await Promise.allSettled([1, 1, 1].map((token) => world.turn(journeys.stage, token)))
    await settleAll()
    expect(await runs()).toHaveLength(20)
    clock.moveBy(hourMs)
    await Promise.allSettled([1, 1, 1].map((token) => world.turn(journeys.stage, token)))
    await settleAll()
    expect(await planned()).toHaveLength(20)
  })

  it('a turn that fails before its commit leaves nothing, and done again gives the same', async () => {
    await world.publish(abandonedCart)
    await send('Product Added', cart('c1'))
    await settleAll()
    clock.moveBy(hourMs)
    world.faults.beforeCommit = true
    await expect(world.act()).rejects.toThrow('the power went')
    world.faults.beforeCommit = false
    expect(await planned()).toEqual([])
    expect(await runs()).toMatchObject([{ state: 'active' }])
    await settleAll()
    expect(await planned()).toHaveLength(1)
  })
})

describe('bounded work', () => {
  const statementsFor = async (events: number): Promise<number> => {
    for (let index = 0; index < events; index += 1)
      void send('Product Added', cart(`c${index}`), { user: { userId: `p${index}` } })
    await world.collect.writer.drain()
    await world.settle(world.peopleStage)
    for (;;) {
      world.countQueries()
      const outcome = await world.turn(journeys.stage)
      if (outcome.retryInMs === undefined || outcome.handled > 0) return world.countQueries()
    }
  }

  it('a turn makes as many statements for five hundred events as for one', async () => {
    await world.publish(abandonedCart)
    await settleAll()
    const one = await statementsFor(1)
    expect(await statementsFor(500)).toBe(one)
    expect(one).toBeLessThanOrEqual(20)
    expect(await runs()).toHaveLength(500)
  })

  it('a workspace without journeys only moves its position', async () => {
    expect(await statementsFor(3)).toBeLessThanOrEqual(8)
    const outcome = await world.settle(journeys.stage)
    expect(outcome).toEqual({ handled: 0, more: false, dueAt: null })
  })

  it('two thousand runs due at once are moved on in several turns', async () => {
    await world.publish(abandonedCart)
    for (let index = 0; index < 2_000; index += 1)
      void send('Product Added', cart(`c${index}`), { user: { userId: `p${index % 500}` } })
    await world.collect.writer.drain()
    await settleAll()
    clock.moveBy(hourMs)
    const first = await world.act()
    expect(first.more).toBe(true)
    await settleAll()
    expect(await planned()).toHaveLength(2_000)
  })
})

describe('membership', () => {
  const ifBuyer = {
    ...abandonedCart,
    start: 'who',
    steps: [
      {
        id: 'who',
        kind: 'branch',
        branches: [{ label: 'Buyer', when: { kind: 'rule', ruleKey: 'x' }, next: 'wait' }],
        otherwise: null,
      },
      ...abandonedCart.steps,
    ],
  }

  it('a branch waits for the tick to pass what brought the run there, and loses nothing meanwhile', async () => {
    const { journey } = await world.publish(ifBuyer)
    expect(world.rules.put.at(-1)).toBe(`journey:${journey.journeyId}:v1:who:0`)
    membership.ticked = 0
    const position = await send('Product Added', cart('c1'))
    await settleAll()
    await send('Order Completed', cart('c1'))
    await settleAll()
    expect(await runs()).toMatchObject([{ state: 'active' }])
    const ann = await world.people.find(world.workspaceId, 'userId', 'ann')
    if (ann) membership.holding.add(ann)
    membership.ticked = position - 1
    await settleAll()
    expect(await runs()).toMatchObject([{ state: 'active' }])
    membership.ticked = position
    await settleAll()
    expect(await runs()).toMatchObject([{ state: 'finished' }])
    clock.moveBy(2 * hourMs)
    await settleAll()
    expect(await planned()).toEqual([])
  })

  it('what she does while an answer is awaited finds the run as the answer leaves it, however late the tick is', async () => {
    const quickOrLate: { entry_key: string; state: string; subject_id: string }[][] = []
    // She is known by two names; what she does by one may be held by a run of the other.
    await send('Seen', {}, { user: { userId: 'ann' } })
    await send('Seen', {}, { user: { anonymousId: 'her-browser' } })
    await settleAll()
    await send('Seen', {}, { user: { userId: 'ann', anonymousId: 'her-browser' } })
    for (const late of [false, true]) {
      await admin('truncate journey, journey_version, journey_run, journey_run_step, journey_run_late, journey_tally')
      await world.publish(ifBuyer)
      membership.ticked = late ? 0 : Number.MAX_SAFE_INTEGER
      const act = async (name: string, key: string, user: object) => {
        clock.moveBy(minuteMs)
        await send(name, cart(key), { user })
        await settleAll()
      }
      // Nobody is a buyer: each run ends at once, so the cart filled again begins another.
      await act('Product Added', 'c1', { userId: 'ann' })
      await act('Product Added', 'c1', { anonymousId: 'her-browser' })
      await act('Product Added', 'c2', { userId: 'ann' })
      membership.ticked = Number.MAX_SAFE_INTEGER
      await settleAll()
      await settleAll()
      quickOrLate.push(
        await admin<{ entry_key: string; state: string; subject_id: string }>(
          'select entry_key, state, reason, subject_id from journey_run order by entered_at',
        ),
      )
    }
    expect(quickOrLate[0]?.map((run) => [run.entry_key, run.state])).toEqual([
      ['c1', 'finished'],
      ['c1', 'finished'],
      ['c2', 'finished'],
    ])
    expect(new Set(quickOrLate[0]?.map((run) => run.subject_id)).size).toBe(2)
    expect(quickOrLate[1]).toEqual(quickOrLate[0])
  })

  it('a branch whose rule is still being counted is waited for', async () => {
    await world.publish(ifBuyer)
    membership.counted = false
    await send('Product Added', cart('c1'))
    await settleAll()
    expect(await runs()).toMatchObject([{ state: 'active' }])
    membership.counted = true
    await settleAll()
    expect(await runs()).toMatchObject([{ state: 'finished' }])
  })

  it('entering a segment by behaviour or time starts a run, by an edit of its rule or an import none', async () => {
    const { journey } = await world.publish({
      ...abandonedCart,
      entry: { kind: 'segment', segmentId: templateId, on: 'enter', reentry: 'never' },
      start: 'mail',
      steps: [{ id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'news', next: null }],
    })
    await send('Seen', {}, { user: { userId: 'ann' } })
    await send('Seen', {}, { user: { userId: 'ben' } })
    await settleAll()
    const person = async (userId: string) =>
      (await world.people.find(world.workspaceId, 'userId', userId)) ?? brandAs<PersonId>('')
    const ruleKey = `journey:${journey.journeyId}:v1:entry`
    const now = clock.now()
    const base = { ruleKey, entered: true, at: now, knownAt: now, cause: 'behaviour' as const, isHistoric: false }
    membership.changes = [
      { ...base, seq: 1, personId: await person('ann') },
      { ...base, seq: 2, personId: await person('ann'), entered: false },
      { ...base, seq: 3, personId: await person('ann'), cause: 'time' },
      { ...base, seq: 4, personId: await person('ben'), cause: 'rule-changed' },
      { ...base, seq: 5, personId: await person('ben'), isHistoric: true },
    ]
    await settleAll()
    expect(await runs()).toHaveLength(1)
    expect(await planned()).toHaveLength(1)
    membership.changes = []
    await admin(`delete from stage_position where stage = 'journeys.membership'`)
  })
})

describe('one person', () => {
  it('two runs of one cart become one when two subjects turn out to be one person: the older stays', async () => {
    await world.publish(abandonedCart)
    await send('Product Added', cart('c9'), { user: { anonymousId: 'phone' } })
    clock.moveBy(minuteMs)
    await send('Product Added', cart('c9'), { user: { anonymousId: 'desk' } })
    await settleAll()
    expect(await runs()).toMatchObject([{ state: 'active' }, { state: 'active' }])
    await send('Signed In', {}, { user: { anonymousId: 'phone', userId: 'zoe' } })
    await send('Signed In', {}, { user: { anonymousId: 'desk', userId: 'zoe' } })
    await settleAll()
    clock.moveBy(hourMs)
    await settleAll()
    expect(await runs()).toMatchObject([
      { state: 'finished', reason: 'finished' },
      { state: 'exited', reason: 'merged' },
    ])
    expect(await planned()).toHaveLength(1)
  })

  it('enters a journey that is entered once only once, whichever subject she comes by', async () => {
    const once = {
      ...abandonedCart,
      entry: { kind: 'event', event: 'Product Added', reentry: 'never' },
      start: 'x',
      steps: [{ id: 'x', kind: 'exit' }],
    }
    await world.publish(once)
    await send('Product Added', {}, { user: { userId: 'kim' } })
    await settleAll()
    await send('Product Added', {}, { user: { userId: 'kim' } })
    await send('Product Added', {}, { user: { userId: 'kim', anonymousId: 'kims phone' } })
    await settleAll()
    expect(await runs()).toHaveLength(1)
    await journeys.desk.stop(
      world.by,
      brandAs<JourneyId>((await admin<{ journey_id: string }>('select journey_id from journey'))[0]?.journey_id ?? ''),
    )
    await world.publish({ ...once, entry: { ...once.entry, reentry: 'after-exit' } }, 'Again')
    for (let time = 0; time < 3; time += 1) await send('Product Added', {}, { user: { userId: 'kim' } })
    await settleAll()
    expect(await runs()).toHaveLength(4)
  })
})

describe('pause, stop and new versions', () => {
  const liveness = async () => {
    const ids = (await runs()).map((run) => brandAs<RunId>(run.run_id))
    const found = await world.postgres.inWorkspace(world.workspaceId, (tx) =>
      journeys.checkLiveness(tx, world.workspaceId, ids),
    )
    return ids.map((id) => found.get(id))
  }

  /** Until somebody waits for a lock. */
  const lockWaiter = async () => {
    for (let left = 10_000; left > 0; left -= 1) {
      const waiting = await admin(`select 1 from pg_locks where not granted and locktype in ('transactionid', 'tuple')`)
      if (waiting.length > 0) return
    }
    throw new Error('nobody waits for a lock')
  }

  it('a paused journey lets nobody in and holds its messages; resumed it goes on', async () => {
    const { journey } = await world.publish(abandonedCart)
    const id = brandAs<JourneyId>(journey.journeyId)
    await send('Product Added', cart('c1'))
    await settleAll()
    await journeys.desk.pause(world.by, id)
    await send('Product Added', cart('c2'))
    await settleAll()
    expect(await runs()).toHaveLength(1)
    expect(await liveness()).toEqual(['paused'])
    await journeys.desk.resume(world.by, id)
    await send('Product Added', cart('c3'))
    await settleAll()
    expect(await liveness()).toEqual(['live', 'live'])
  })

  it('a stop holds from its answer: all runs have left with the reason', async () => {
    const { journey } = await world.publish(abandonedCart)
    for (let index = 0; index < 1_200; index += 1)
      void send('Product Added', cart(`c${index}`), { user: { userId: `p${index}` } })
    await world.collect.writer.drain()
    await settleAll()
    const stopped = await journeys.desk.stop(world.by, brandAs<JourneyId>(journey.journeyId))
    expect(stopped).toMatchObject({ status: 'stopped', active: 0, exited: 1_200 })
    clock.moveBy(hourMs)
    await settleAll()
    expect(await planned()).toEqual([])
    expect(new Set(await liveness())).toEqual(new Set(['stopped']))
  })

  it('a hand-over that has begun is waited for by the stop; one that begins after sees it', async () => {
    const { journey } = await world.publish(abandonedCart)
    await send('Product Added', cart('c1'))
    await settleAll()
    const [run] = await runs()
    const id = brandAs<RunId>(run?.run_id ?? '')
    let stopped: Promise<unknown> = Promise.resolve()
    let isAnswered = false
    await world.postgres.inWorkspace(world.workspaceId, async (tx) => {
      expect((await journeys.checkLiveness(tx, world.workspaceId, [id])).get(id)).toBe('live')
      stopped = journeys.desk.stop(world.by, brandAs<JourneyId>(journey.journeyId)).finally(() => {
        isAnswered = true
      })
      await lockWaiter()
      expect(isAnswered).toBe(false)
    })
    await stopped
    expect(await liveness()).toEqual(['stopped'])
  })

  it('people inside finish on the version they entered; the answer says who waits at what changed', async () => {
    const { journey } = await world.publish(abandonedCart)
    const id = brandAs<JourneyId>(journey.journeyId)
    await send('Product Added', cart('c1'))
    await settleAll()
    const [wait, mail] = abandonedCart.steps
    const draft = { ...abandonedCart, steps: [{ ...wait, timeoutMs: 2 * hourMs }, mail] }
    await journeys.desk.save(world.by, id, { draft: draft as never })
    const { impact, journey: published } = await journeys.desk.publish(world.by, id)
    expect(published.version).toBe(2)
    expect(impact).toMatchObject({ inside: 1, steps: [{ version: 1, stepId: 'wait', change: 'changed', waiting: 1 }] })
    await send('Product Added', cart('c2'))
    clock.moveBy(hourMs)
    await settleAll()
    expect(await runs()).toMatchObject([
      { version: 1, state: 'finished' },
      { version: 2, state: 'active' },
    ])
  })

  it('a draft that is deleted, or taken back from the trash, holds up no other journey', async () => {
    await world.publish(abandonedCart)
    const archive = createJourneyArchive({
      postgres: world.postgres,
      domainNow: async () => clock.now(),
      audit: async () => undefined,
    })
    const position = async () =>
      await admin<{ stage: string; position: string }>(
        `select stage, position from stage_position where stage in ('people', 'journeys') and lane = 'live' order by stage`,
      )
    const { journeyId } = await journeys.desk.create(world.by, {
      name: 'Never mind',
      draft: { start: null, steps: [] },
    })
    const id = brandAs<JourneyId>(journeyId)
    for (const [cartId, change] of [
      ['c1', () => journeys.desk.remove(world.by, id)],
      ['c2', () => archive.takeBack(world.by, id, () => undefined)],
      ['c3', () => journeys.desk.remove(world.by, id)],
    ] as const) {
      await change()
      await send('Product Added', cart(cartId))
      await settleAll()
      expect((await runs()).map((run) => run.entry_key)).toContain(cartId)
      const [ofJourneys, ofPeople] = await position()
      expect(ofJourneys?.position).toBe(ofPeople?.position)
    }
    expect(await runs()).toHaveLength(3)
  })

  it('an entry acknowledged after the publish was answered is never missed', async () => {
    await send('Product Added', cart('c1'))
    await world.settle(world.peopleStage)
    await Promise.all([world.turn(journeys.stage), world.publish(abandonedCart)])
    await send('Product Added', cart('c2'))
    await settleAll()
    expect((await runs()).map((run) => run.entry_key)).toContain('c2')
  })
})

describe('what can’t be done', () => {
  const refuse = (table: string, check: string) =>
    admin(`alter table ${table} add constraint no_poison check (${check})`)
  const allow = (table: string) => admin(`alter table ${table} drop constraint no_poison`)
  const aside = () =>
    admin<{ kind: string; item: string }>(
      `select kind, item from quarantined_item where stage = 'journeys' order by kind`,
    )
  const users = Array.from({ length: 12 }, (_, n) => `user-${n}`)

  beforeEach(async () => {
    await admin('truncate quarantined_item')
  })

  it('an event is passed over, and everybody else enters', async () => {
    await world.publish(abandonedCart)
    await refuse('journey_run', `entry_key <> 'c5'`)
    for (const [n, userId] of users.entries())
      await send('Product Added', cart(`c${n}`), { user: { userId }, messageId: `poison-${n}` })
    await settleAll()
    await allow('journey_run')
    expect((await runs()).map((run) => run.entry_key).sort()).toEqual(
      users
        .map((_, n) => `c${n}`)
        .filter((key) => key !== 'c5')
        .sort(),
    )
    expect(await aside()).toEqual([{ kind: 'event', item: 'poison-5' }])
  })

  it('a run that is due ends with the reason, and is not due for ever; the others go on', async () => {
    await world.publish(abandonedCart)
    for (const [n, userId] of users.entries()) await send('Product Added', cart(`c${n}`), { user: { userId } })
    await settleAll()
    const poison = (await runs()).find((run) => run.entry_key === 'c5')?.run_id
    await refuse('planned', `run_id <> '${poison}'`)
    clock.moveBy(hourMs)
    await settleAll()
    await settleAll()
    await allow('planned')
    expect(await planned()).toHaveLength(users.length - 1)
    expect((await runs()).filter((run) => run.state === 'exited')).toMatchObject([
      { entry_key: 'c5', reason: 'failed' },
    ])
    expect(await aside()).toEqual([{ kind: 'run', item: poison }])
    clock.moveBy(hourMs)
    expect(await settleAll()).toMatchObject({ handled: 0 })
  })
})
