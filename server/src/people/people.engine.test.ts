import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestPipeline, testNow, testPipeline } from '../../../tests/harness/pipeline.ts'
import { holdWorkers, readPosition } from '../jobs/index.ts'
import { dayMs, type PersonId, systemClock } from '../kernel/index.ts'
import { peopleStageName } from './handle-batches.ts'
import { rebuildProjection } from './rebuild.ts'

let pipeline: TestPipeline
beforeAll(async () => {
  pipeline = await testPipeline()
})
afterAll(() => pipeline.stop())

const track = (userId: string, event: string, more: object = {}) => ({ type: 'track', userId, event, ...more })

const eventsInClickHouse = async (name: string) => {
  const rows = await pipeline.stores.clickhouse.query<{ message_id: string; properties: object; subject_id: string }>({
    sql: 'select message_id, properties, subject_id from event where workspace_id = {w:UUID} and name = {name:String} order by message_id',
    params: { w: pipeline.workspaceId, name },
  })
  return rows
}

const personOf = async (kind: 'userId' | 'anonymousId' | 'email', value: string) => {
  const personId = await pipeline.people.find(pipeline.workspaceId, kind, value)
  expect(personId).not.toBeNull()
  return personId as PersonId
}

describe('events become people', () => {
  test('each message once, however often it is sent', async () => {
    const event = track('dup', 'Sent Twice', { messageId: 'once' })
    await pipeline.send(event, event)
    await pipeline.send(event)
    expect(await eventsInClickHouse('Sent Twice')).toHaveLength(1)
  })

  test('numbers, dates as text and dotted paths reach ClickHouse as rules read them', async () => {
    await pipeline.send(
      track('typed', 'Typed', { properties: { total: 10, when: '2026-01-01', cart: { id: 'c' }, none: null } }),
    )
    const [row] = await pipeline.stores.clickhouse.query<{ total: number; when: string; cart: string }>({
      sql: `select properties.total.:Float64 as total, properties.when.:String as when, properties.cart.id.:String as cart
        from event where workspace_id = {w:UUID} and name = 'Typed'`,
      params: { w: pipeline.workspaceId },
    })
    expect(row).toEqual({ total: 10, when: '2026-01-01', cart: 'c' })
  })

  test('one bad event does not take its batch with it', async () => {
    await pipeline.send(
      track('good', 'In Bad Company'),
      { type: 'track', userId: 'bad', event: 'x\u0000y' },
      { type: 'identify', userId: 'half', traits: { name: '\ud800' } },
      { nonsense: true },
    )
    expect(await eventsInClickHouse('In Bad Company')).toHaveLength(1)
    const kept = await pipeline.stores.admin<{ reason: string }>(
      'select reason from quarantined_event order by event_index',
    )
    expect(kept.map((row) => row.reason)).toEqual(['null-character', 'unknown-type'])
  })

  test('an event that PostgreSQL refuses is set aside, whatever the reason, and 49 others go on', async () => {
    await pipeline.stores.admin(`alter table profile add constraint no_poison check (not traits ? 'poison')`)
    const good = Array.from({ length: 49 }, (_, n) => ({ type: 'identify', userId: `good-${n}`, traits: { n } }))
    await pipeline.send(
      ...good.slice(0, 20),
      { type: 'identify', userId: 'bad', traits: { poison: 1 } },
      ...good.slice(20),
    )
    await pipeline.stores.admin('alter table profile drop constraint no_poison')
    for (const n of [0, 19, 20, 48]) await personOf('userId', `good-${n}`)
    const aside = await pipeline.stores.admin<{ detail: string }>(
      `select detail from quarantined_event where reason = 'unreadable'`,
    )
    expect(aside).toMatchObject([{ detail: expect.stringContaining('no_poison') }])
  })

  test('a visitor who signs in keeps her past; undoing the merge parts the two again', async () => {
    await pipeline.send({ type: 'page', anonymousId: 'visitor' })
    await pipeline.send({
      type: 'identify',
      userId: 'vera',
      anonymousId: 'visitor',
      traits: { email: 'Vera@Shop.example', name: 'Vera' },
    })
    const vera = await personOf('userId', 'vera')
    expect(await personOf('anonymousId', 'visitor')).toBe(vera)
    expect(await personOf('email', 'vera@shop.example')).toBe(vera)
    const facts = (await pipeline.people.get(pipeline.workspaceId, [vera])).get(vera)
    expect(facts?.subjects).toHaveLength(2)
    expect(facts?.traits).toMatchObject({ name: 'Vera' })
    const map = () =>
      pipeline.stores.clickhouse.query<{ person_id: string; subject_id: string }>({
        sql: 'select subject_id, person_id from subject_person final where workspace_id = {w:UUID} and subject_id != person_id',
        params: { w: pipeline.workspaceId },
      })
    expect(await map()).toHaveLength(1)

    const merges = await pipeline.stores.admin<{ merge_id: string }>('select merge_id from person_merge')
    const { merge_id: mergeId } = merges[0] ?? { merge_id: '' }
    const subjects = facts?.subjects ?? []
    await pipeline.people.undoMerge(
      pipeline.workspaceId,
      {
        mergeId,
        winnerPersonId: vera,
        loserPersonId: subjects.find((id) => String(id) !== String(vera)) as never,
      } as never,
      'user:test',
    )
    await pipeline.runner.settle(pipeline.workspaceId)
    expect(await personOf('anonymousId', 'visitor')).not.toBe(await personOf('userId', 'vera'))
    expect(await map()).toHaveLength(0)
  })

  test('whose events are after a merge was undone is no matter of what else was in that turn', async () => {
    const { workspaceId, people, runner, stores, collect } = pipeline
    await pipeline.send({ type: 'page', anonymousId: 'shared' })
    await pipeline.send({ type: 'identify', userId: 'una', anonymousId: 'shared' })
    const una = await personOf('userId', 'una')
    const [merge] = await stores.admin<{ merge_id: string; loser: string }>(
      'select merge_id, loser_person_id as loser from person_merge where winner_person_id = $1',
      [una],
    )
    const loser = merge?.loser as PersonId
    const release = runner.hold(workspaceId)
    const visit = (n: number) => ({
      type: 'page',
      anonymousId: n % 2 ? 'shared' : 'una-phone',
      userId: n % 2 ? undefined : 'una',
    })
    await collect.appendEvents(workspaceId, 'live', [visit(0), visit(1)] as never, { source: 'test' })
    const undone = { mergeId: merge?.merge_id, winnerPersonId: una, loserPersonId: loser }
    await people.undoMerge(workspaceId, undone as never, 'user:test')
    release()
    await runner.settle(workspaceId)
    const position = await stores.postgres.askGlobal((db) => readPosition(db, workspaceId, peopleStageName, 'live'))
    await pipeline.send(visit(1))
    await pipeline.send(visit(2))
    const told = await people.feed.after(workspaceId, 'live', position, 100)
    const persons = told.flatMap(({ events, personOf: of }) => events.map(({ subjectId }) => of.get(subjectId)))
    expect(persons).toEqual([
      (await people.find(workspaceId, 'anonymousId', 'shared')) ?? '',
      await personOf('userId', 'una'),
    ])
    expect(new Set(persons).size).toBe(2)
  })

  test('an order is folded from its events in order of time', async () => {
    const at = (minutes: number) => new Date(testNow - minutes * 60_000).toISOString()
    await pipeline.send(
      track('buyer', 'Order Refunded', { timestamp: at(1), properties: { order_id: 'o1', total: 5, currency: 'EUR' } }),
    )
    await pipeline.send(
      track('buyer', 'Order Completed', {
        timestamp: at(9),
        properties: { order_id: 'o1', total: 20, currency: 'EUR' },
      }),
    )
    const rows = await pipeline.stores.clickhouse.query({
      sql: 'select gross_minor, refunded_minor, cancelled from customer_order final where workspace_id = {w:UUID}',
      params: { w: pipeline.workspaceId },
    })
    expect(rows).toEqual([{ gross_minor: 2000, refunded_minor: 500, cancelled: false }])
  })
})

describe('the projection after a stop between its writes', () => {
  const sealLeftBehind = async (tamper: (batch: number) => Promise<void>) => {
    const last = await pipeline.stores.admin<{ number: number; from_position: string }>(
      'select number, from_position from projection_batch order by number desc limit 1',
    )
    const { number, from_position: from } = last[0] ?? { number: 0, from_position: '0' }
    await pipeline.stores.admin('update projection_batch set committed = false where number = $1', [number])
    await pipeline.stores.admin(
      `update stage_position set position = $1 where stage = 'projection' and lane = 'live'`,
      [from],
    )
    await tamper(Number(number))
    await pipeline.runner.settle(pipeline.workspaceId)
    const left = await pipeline.stores.admin('select 1 from projection_batch where not committed')
    expect(left).toEqual([])
  }

  test('inserted but not committed: nothing doubles', async () => {
    await pipeline.send(track('p', 'Projected A'), track('p', 'Projected A'))
    await sealLeftBehind(async () => undefined)
    expect(await eventsInClickHouse('Projected A')).toHaveLength(2)
  })

  test('sealed but never inserted, the token forgotten or remembered: nothing is missing', async () => {
    await pipeline.send(track('p', 'Projected B'))
    await sealLeftBehind(async (batch) => {
      await pipeline.stores.clickhouse.command({
        sql: 'alter table event delete where batch = {batch:UInt64}',
        params: { batch },
        settings: { mutations_sync: '2' },
      })
    })
    expect(await eventsInClickHouse('Projected B')).toHaveLength(1)
  })

  test('rows that stand twice, because the token was forgotten, are written anew', async () => {
    await pipeline.send(track('p', 'Projected C'))
    await sealLeftBehind(async () => {
      await pipeline.stores.clickhouse.command({
        sql: "insert into event select * from event where name = 'Projected C'",
      })
    })
    expect(await eventsInClickHouse('Projected C')).toHaveLength(1)
  })
})

test('after a long stop each week’s message ids are kept with that week', async () => {
  const { collect, clock, runner, workspaceId, stores } = pipeline
  const weekOfKeys = async () =>
    (await stores.admin<{ generation: number }>('select distinct generation from dedup_key order by generation')).length
  const before = await weekOfKeys()
  const release = runner.hold(workspaceId)
  const stand = clock.now()
  for (const days of [0, 8, 16]) {
    clock.moveTo(stand + days * dayMs)
    await collect.tendPartitions()
    await collect.appendEvents(
      workspaceId,
      'live',
      [{ type: 'track', event: 'Waited', userId: 'w', messageId: `${days}` }],
      {
        source: 'test',
      },
    )
  }
  release()
  await runner.settle(workspaceId)
  expect(await weekOfKeys()).toBe(before + 2)
})

test('what was stamped in the old week after the same message in the new one, by the clock of another process, is a duplicate', async () => {
  const { clock, collect } = pipeline
  const stand = clock.now()
  const event = track('dup', 'Around Midnight', { messageId: 'midnight' })
  const newWeek = testNow + 35 * dayMs
  const oldWeek = newWeek - (newWeek % dayMs) - 1
  for (const at of [newWeek, oldWeek]) {
    clock.moveTo(at)
    await collect.tendPartitions()
    await pipeline.send(event)
  }
  clock.moveTo(stand)
  expect(await eventsInClickHouse('Around Midnight')).toHaveLength(1)
})

test('a rebuild from the log gives the same tables, and goes on where it was stopped', async () => {
  const { postgres, clickhouse } = pipeline.stores
  const digest = async () =>
    clickhouse.query({
      sql: `select (select (count(), sum(cityHash64(subject_id, occurred_at, received_at, name, message_id, historic, toString(properties), position))) from event) as events,
        (select (count(), sum(cityHash64(person_id, arraySort(subjects), toString(traits)))) from person final where not gone) as persons,
        (select (count(), sum(cityHash64(subject_id, person_id))) from subject_person final where subject_id != person_id) as map,
        (select (count(), sum(cityHash64(order_id, gross_minor, refunded_minor))) from customer_order final) as orders`,
    })
  const before = await digest()
  const stopped = new AbortController()
  const rebuild = (signal: AbortSignal, progress: () => void) =>
    rebuildProjection({
      postgres,
      clickhouse,
      feed: pipeline.people.feed,
      workspaces: async () => [pipeline.workspaceId],
      holdWorkers: (work) => holdWorkers({ postgres, clock: systemClock }, work),
      signal,
      progress,
    })
  expect(await rebuild(stopped.signal, () => stopped.abort())).toEqual({ kind: 'stopped' })
  expect(await digest()).toEqual(before)
  // What a kill between insert and progress leaves behind: rows of a stretch that is not recorded as copied.
  await pipeline.stores.admin(`update stage_position set position = 0 where stage = 'rebuild'`)
  expect(await rebuild(new AbortController().signal, () => undefined)).toMatchObject({ kind: 'rebuilt' })
  expect(await digest()).toEqual(before)
})
