import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../tests/harness/app.ts'
import { addWorkspace, type TestPipeline, testNow, testPipeline } from '../../../tests/harness/pipeline.ts'
import { dayMs, type Instant, must, newId, type PersonId, type SubjectId } from '../kernel/index.ts'
import { createPlanning, type Planning } from '../planning/index.ts'
import { createEquity, type Equity, equityRoutes, type PersonLapse, personValueRoutes } from './index.ts'

let pipeline: TestPipeline
let http: TestApp
let planning: Planning
let equity: Equity
let lapses: readonly PersonLapse[] | null = null
let lostAfterDays: number | null = null
let finance: { readonly authorization: string }
let analyst: { readonly authorization: string }

beforeAll(async () => {
  pipeline = await testPipeline()
  const { stores, clock, workspaceId } = pipeline
  const { postgres } = stores
  // The rooms ask for workspaces only when they are asked themselves: after the test app has made them.
  const workspaces = {
    get: (id: typeof workspaceId) => http.workspaces.get(id),
    audit: (...given: Parameters<TestApp['workspaces']['audit']>) => http.workspaces.audit(...given),
  }
  planning = createPlanning({ postgres, clock, workspaces })
  const log = pino({ level: 'silent' })
  equity = createEquity({
    postgres,
    clock,
    log,
    workspaces,
    people: pipeline.people,
    planning,
    lapses: async () => lapses,
    lostAfterDays: async () => lostAfterDays,
  })
  http = await testApp(stores, {
    rooms: [equityRoutes(equity), personValueRoutes({ equity, people: pipeline.people })],
  })
  finance = await http.as(workspaceId, 'finance')
  analyst = await http.as(workspaceId, 'analyst')
})
afterAll(async () => {
  await equity.close()
  await pipeline.stop()
})

const at = (date: string): Instant => Date.parse(`${date}T12:00:00Z`)
const order = (userId: string, id: string, date: string, revenue: number, more: object = {}) => ({
  type: 'track',
  userId,
  event: 'Order Completed',
  timestamp: new Date(at(date)).toISOString(),
  messageId: `${id} completed`,
  properties: { order_id: id, revenue, currency: 'EUR', ...more },
})
const get = async (url: string, headers = analyst) => (await http.app.inject({ url, headers })).json()
const period = `from=${at('2026-01-01')}&to=${at('2026-03-01')}`
const caller = () => ({ workspaceId: pipeline.workspaceId, actor: 'test', scope: {} })
const personOf = async (userId: string): Promise<PersonId> =>
  must(await pipeline.people.find(pipeline.workspaceId, 'userId', userId), 'she has sent something')

describe('the period statement', () => {
  test('new, old and returned, from orders as they stand now; no costs means revenue, and says so', async () => {
    await pipeline.send(
      order('anna', 'a1', '2026-02-01', 50),
      order('berta', 'b1', '2025-06-01', 90),
      order('berta', 'b2', '2026-02-02', 20),
      order('carla', 'c1', '2025-03-01', 400),
      order('dora', 'd1', '2026-02-03', 70),
      { ...order('dora', 'd1', '2026-02-04', 0), event: 'Order Cancelled', messageId: 'd1 cancelled' },
      order('emma', 'e1', '2026-02-05', 10, { currency: 'USD' }),
      { type: 'identify', userId: 'anna', traits: { name: 'Anna Alba' } },
      {
        type: 'track',
        anonymousId: 'guest:orders:g1',
        event: 'Order Completed',
        timestamp: new Date(at('2026-02-06')).toISOString(),
        properties: { order_id: 'g1', revenue: 5, currency: 'EUR' },
      },
    )
    expect(await get(`/v1/equity/statement?${period}`)).toMatchObject({
      currency: 'EUR',
      // Emma is a customer whose revenue can't be told in euros.
      new: { heads: 2, revenueMinor: 5000 },
      old: { heads: 1, revenueMinor: 2000, averageMinor: 2000 },
      churned: { heads: 0 },
      guests: { orders: 1, revenueMinor: 500 },
      result: { kind: 'revenue-without-costs', minor: 7000 },
      churn: { kind: 'needs-life-cycle' },
      unconverted: [{ currency: 'USD', amountMinor: 1000, entries: 1, firstAt: at('2026-02-05') }],
      balance: { opening: { heads: 2 }, new: { heads: 2 }, lost: { heads: 0 }, closing: { heads: 4 } },
    })
  })

  test('a rate entered converts what was left out; costs make it equity; the life cycle says who left', async () => {
    await planning.putRate(caller(), { currency: 'USD', on: '2026-02-05', rate: 0.9 })
    const cost = { on: '2026-02-01', phase: null, channel: null, partner: null, note: null }
    await planning.addCost(caller(), { ...cost, amount: { minor: 1000, currency: 'EUR' }, kind: 'acquisition' })
    const some = await get(`/v1/equity/statement?${period}`)
    expect(some).toMatchObject({
      new: { revenueMinor: 5900 },
      unconverted: [],
      result: { kind: 'equity-before-some-costs', missing: 'servicing' },
    })
    await planning.addCost(caller(), {
      ...cost,
      amount: { minor: 300, currency: 'EUR' },
      kind: 'servicing',
      phase: 'loyalty',
    })
    lapses = [{ personId: await personOf('carla'), lostAt: at('2026-01-15'), wonBackAt: null }]
    const whole = await get(`/v1/equity/statement?${period}`)
    const churned = Math.round((40_000 * 59) / 365)
    expect(whole).toMatchObject({
      churn: { kind: 'known', lostAfterDays: null },
      churned: { heads: 1, revenueMinor: churned },
      servicingCosts: { amountMinor: 300, entries: 1, byPhase: { loyalty: 300 } },
      result: { kind: 'equity', minor: 5900 + 2000 - churned - 1300 },
      balance: { opening: { heads: 2 }, lost: { heads: 1 }, closing: { heads: 3 } },
    })
    expect(whole.waterfall.at(-1)).toMatchObject({ key: 'equity', endMinor: whole.result.minor })
  })

  test('without moves, the life cycle’s days without an order tell who left, also in the past', async () => {
    lapses = null
    lostAfterDays = 300
    // Carla bought on 2025-03-01: lost on 2025-12-26, before the period. Berta came back after 246 days.
    expect(await get(`/v1/equity/statement?${period}`)).toMatchObject({ churned: { heads: 0 } })
    lostAfterDays = 320
    expect(await get(`/v1/equity/statement?${period}`)).toMatchObject({
      churn: { kind: 'known', lostAfterDays: 320 },
      churned: { heads: 1 },
    })
    // Everybody would be lost a year from now, if nobody bought any more: that has not happened.
    const now = pipeline.clock.now()
    const upTo = (to: number) => get(`/v1/equity/statement?from=${at('2026-01-01')}&to=${to}`)
    const [untilNow, untilLater] = [await upTo(now), await upTo(now + 365 * 86_400_000)]
    expect(untilLater).toMatchObject({ churned: untilNow.churned, balance: { lost: untilNow.balance.lost } })
    lapses = [{ personId: await personOf('carla'), lostAt: at('2026-01-15'), wonBackAt: null }]
  })

  test('each term opens to the people behind it, named only for who may see customers', async () => {
    const first = await get(`/v1/equity/people?term=new&limit=1&${period}`)
    expect(first).toMatchObject({ heads: 2, items: [{ title: 'Anna Alba', revenueMinor: 5000 }] })
    const second = await get(`/v1/equity/people?term=new&limit=1&cursor=${first.next}`)
    expect(second).toMatchObject({ items: [{ personId: await personOf('emma'), revenueMinor: 900 }], next: null })
    expect(await get(`/v1/equity/people?term=lost&${period}`)).toMatchObject({
      items: [{ personId: await personOf('carla'), revenueMinor: null }],
    })
    expect((await get(`/v1/equity/people?term=new&${period}`, finance)).items[0]).toMatchObject({ title: null })
  })

  test('two subjects merged are one customer', async () => {
    await pipeline.send(
      { ...order('x', 'm1', '2026-02-10', 11), userId: undefined, anonymousId: 'visitor-m' },
      { type: 'identify', userId: 'anna', anonymousId: 'visitor-m', traits: {} },
    )
    expect(await get(`/v1/equity/statement?${period}`)).toMatchObject({ new: { heads: 2, revenueMinor: 7000 } })
  })

  test('what guests, and customers before the period, paid in a currency without a rate is said, too, since when', async () => {
    const guestOrder = (id: string, when: string, revenue: number) => ({
      type: 'track',
      anonymousId: `guest:orders:${id}`,
      event: 'Order Completed',
      timestamp: when,
      properties: { order_id: id, revenue, currency: 'CHF' },
    })
    await pipeline.send(
      // The clocks of Madrid are an hour ahead: the second is of the 11th there, and of the rate that holds from then on.
      guestOrder('g2', '2026-02-10T22:30:00Z', 100),
      guestOrder('g3', '2026-02-10T23:30:00Z', 200),
      order('hanna', 'h1', '2025-12-01', 30, { currency: 'CHF' }),
    )
    const before = await get(`/v1/equity/statement?${period}`)
    expect(before).toMatchObject({
      guests: { orders: 3, revenueMinor: 500 },
      unconverted: [{ currency: 'CHF', amountMinor: 33_000, entries: 3, firstAt: at('2025-12-01') }],
    })
    await planning.putRate(caller(), { currency: 'CHF', on: '2026-02-11', rate: 0.5 })
    expect(await get(`/v1/equity/statement?${period}`)).toMatchObject({
      guests: { orders: 3, revenueMinor: 500 + 10_000 },
      unconverted: [{ currency: 'CHF', amountMinor: 13_000, entries: 2 }],
    })
    await planning.putRate(caller(), { currency: 'CHF', on: '2025-12-01', rate: 1 })
    expect(await get(`/v1/equity/statement?${period}`)).toMatchObject({
      guests: { orders: 3, revenueMinor: 500 + 20_000 },
      unconverted: [],
    })
  })

  test('a period that ends before it begins, and who may not see money, are refused', async () => {
    expect((await get('/v1/equity/statement?from=2&to=1')).error).toMatchObject({ code: 'invalid-input' })
    const contributor = await http.as(pipeline.workspaceId, 'contributor')
    expect((await get(`/v1/equity/statement?${period}`, contributor)).error.code).toBe('forbidden')
  })

  test('free from the start is what was stated as 0: no delivery, no refund and no amount that can’t be read', async () => {
    await pipeline.send(
      { ...order('u', 'old-1', '2019-02-01', 0, { revenue: undefined }), event: 'Order Delivered' },
      { ...order('v', 'old-2', '2019-02-01', 0, { revenue: undefined }), event: 'Order Refunded' },
      order('w', 'comma', '2019-02-01', 0, { revenue: '12,50' }),
      order('silent', 'silent', '2019-02-01', 0, { revenue: null }),
      order('given', 'given', '2019-02-01', 0),
    )
    const then = `from=${at('2019-01-01')}&to=${at('2019-03-01')}`
    expect(await get(`/v1/equity/statement?${then}`)).toMatchObject({ new: { heads: 1, revenueMinor: 0 }, orders: 5 })
    const { items } = await get(`/v1/equity/people?term=new&${then}`)
    expect(items).toMatchObject([{ personId: await personOf('given') }])
  })

  test('an amount that nobody can mean fails nobody who asks for the statement', async () => {
    await pipeline.send(
      ...['huge-1', 'huge-2'].map((id) => order(id, id, '2020-02-01', 90_000_000_000_000)),
      ...['r1', 'r2', 'r3'].map((id) => ({
        ...order('huge-1', 'huge-3', '2020-02-02', 90_000_000_000_000),
        event: 'Order Refunded',
        messageId: id,
      })),
    )
    const then = `from=${at('2020-01-01')}&to=${at('2020-03-01')}`
    expect(await get(`/v1/equity/statement?${then}`)).toMatchObject({ new: { heads: 0, revenueMinor: 0 } })
  })

  test('a guest who is erased stays a guest, and does not become a customer', async () => {
    const { people, runner, stores, workspaceId } = pipeline
    const asked = () => get(`/v1/equity/statement?${period}`)
    const { position: _, ...before } = await asked()
    expect(before.guests.orders).toBeGreaterThan(0)
    const guest = must(await people.find(workspaceId, 'anonymousId', 'guest:orders:g1'), 'a guest ordered')
    const erasure = {
      erasureId: newId<string>(),
      personIds: [guest],
      pseudonym: newId<SubjectId>(),
      requestedAt: testNow,
      requestedBy: 'test',
    }
    await stores.postgres.inWorkspace(workspaceId, (tx) => people.erasures.request(tx, workspaceId, erasure))
    await people.erasures.announce(workspaceId, erasure)
    await runner.settle(workspaceId)
    expect(await people.find(workspaceId, 'anonymousId', 'guest:orders:g1')).toBeNull()
    expect(await asked()).toMatchObject(before)
  })

  test('another workspace has nothing of it', async () => {
    const other = await http.as(await addWorkspace(pipeline.stores), 'owner')
    expect(await get(`/v1/equity/statement?${period}`, other)).toMatchObject({ orders: 0, new: { heads: 0 } })
  })
})

describe('the forward figure', () => {
  test('too little history is said instead of a figure', async () => {
    const other = await http.as(await addWorkspace(pipeline.stores), 'owner')
    expect(await get('/v1/equity/forward', other)).toMatchObject({
      kind: 'not-computed',
      explanation: expect.any(String),
      customers: 0,
      isCurrent: true,
    })
  })

  test('from a year of many customers: kept, with what it supposes, and a value for each', async () => {
    await pipeline.send(...manyOrders())
    const figure = await get('/v1/equity/forward?fresh=true')
    expect(figure).toMatchObject({
      kind: 'computed',
      of: 'revenue',
      isCurrent: true,
      assumptions: { model: 'bg-nbd', margin: null, horizonYears: 5 },
      future: { kind: 'net-of-acquisition-costs' },
      change: null,
    })
    expect(figure.position).toBeGreaterThan(0)
    expect(figure.total.minor).toBe(figure.current.minor + figure.future.minor)
    const frequent = await personOf('shopper-0')
    const rare = await personOf('shopper-1')
    const values = await equity.valuesOf(pipeline.workspaceId, [frequent, rare])
    expect(values.get(frequent)?.valueMinor).toBeGreaterThan(must(values.get(rare), 'she bought').valueMinor)
    const [sum] = await pipeline.stores.admin<{ sum: string }>(
      'select sum(value_minor) as sum from person_value where workspace_id = $1',
      [pipeline.workspaceId],
    )
    expect(Number(sum?.sum)).toBe(figure.current.minor)

    const { asOf, computedAt } = figure
    expect(await get(`/v1/people/${frequent}/value`)).toEqual({
      figure: { of: 'revenue', asOf, computedAt, horizonYears: 5 },
      value: values.get(frequent),
    })
    await pipeline.send({ type: 'identify', userId: 'looks around' })
    const looker = await personOf('looks around')
    expect(await get(`/v1/people/${looker}/value`)).toMatchObject({ figure: { asOf }, value: null })
    const contributor = await http.as(pipeline.workspaceId, 'contributor')
    const other = await http.as(await addWorkspace(pipeline.stores), 'owner')
    expect((await get(`/v1/people/${frequent}/value`, contributor)).error.code).toBe('forbidden')
    expect((await get(`/v1/people/${frequent}/value`, other)).error.code).toBe('not-found')
  })

  test('it is served as kept and says when more has come since', async () => {
    const kept = await get('/v1/equity/forward')
    await pipeline.send(order('late', 'late1', '2026-03-01', 30))
    const again = await get('/v1/equity/forward')
    expect(again).toMatchObject({ computedAt: kept.computedAt, position: kept.position, isCurrent: false })
    expect((await get('/v1/equity/forward?fresh=true')).customers).toBe(kept.customers + 1)
  })

  test('another margin is another figure, at once', async () => {
    const before = await get('/v1/equity/forward')
    const put = (payload: object, headers: typeof finance) =>
      http.app.inject({ method: 'PUT', url: '/v1/equity/settings', headers, payload })
    expect((await put({ margin: 0.5 }, analyst)).statusCode).toBe(403)
    expect((await put({ margin: 1.5 }, finance)).statusCode).toBe(400)
    await put({ margin: 0.5 }, finance)
    const after = await get('/v1/equity/forward')
    expect(after).toMatchObject({ of: 'margin', assumptions: { margin: 0.5 } })
    expect(after.current.minor / before.current.minor).toBeCloseTo(0.5, 3)
  })

  test('the next day says what moved it, and the parts sum', async () => {
    const before = await get('/v1/equity/forward?fresh=true')
    pipeline.clock.moveTo(testNow + dayMs)
    await pipeline.send(order('fresh-face', 'ff1', '2026-03-03', 44), order('shopper-3', 'more', '2026-03-03', 60))
    const after = await get('/v1/equity/forward?fresh=true')
    expect(after.change).toMatchObject({ fromMinor: before.total.minor, toMinor: after.total.minor })
    const parts: { key: string; heads: number; minor: number }[] = after.change.parts
    expect(parts.reduce((sum, part) => sum + part.minor, 0)).toBe(after.total.minor - before.total.minor)
    expect(parts.find((part) => part.key === 'came')?.heads).toBe(1)
    const [left] = await pipeline.stores.admin(
      `select count(*) as figures, count(distinct v.figure_id) as valued from forward_figure f
       left join person_value v using (workspace_id, figure_id) where f.role is not null`,
    )
    expect(left).toMatchObject({ valued: '2' })
  })

  const settle = (change: object) =>
    http.app.inject({ method: 'PUT', url: '/v1/equity/settings', headers: finance, payload: change })
  const useCurrency = async (currency: string) => {
    const headers = await http.as(pipeline.workspaceId, 'owner')
    const answer = await http.app.inject({ method: 'PATCH', url: '/v1/workspace', headers, payload: { currency } })
    expect(answer.statusCode).toBe(200)
  }

  test('with another currency the kept one stays in its own, and the next who asks gets another figure', async () => {
    const { workspaceId } = pipeline
    const before = await get('/v1/equity/forward?fresh=true')
    const anna = await personOf('anna')
    await useCurrency('JPY')
    expect(await equity.keptForward(workspaceId)).toMatchObject({
      currency: 'EUR',
      total: before.total,
      isCurrent: false,
    })
    expect((await get('/v1/equity/forward')).currency).toBe('JPY')
    await useCurrency('EUR')
    const again = await get('/v1/equity/forward')
    expect(again).toMatchObject({ currency: 'EUR', total: before.total, isCurrent: true })
    expect((await equity.valuesOf(workspaceId, [anna])).get(anna)).toMatchObject({ currency: 'EUR' })
  })

  test('a rate or a cost entered or taken out is another figure, at once', async () => {
    await planning.removeRate(caller(), { currency: 'USD', base: 'EUR', on: '2026-02-05' })
    expect((await get('/v1/equity/forward')).unconverted).toMatchObject([{ currency: 'USD', amountMinor: 1000 }])
    await planning.putRate(caller(), { currency: 'USD', on: '2026-02-05', rate: 0.9 })
    const before = await get('/v1/equity/forward')
    expect(before).toMatchObject({ unconverted: [], isCurrent: true })
    const cost = { on: '2026-02-02', phase: null, channel: null, partner: null, note: null }
    const amount = { minor: 1_000_000, currency: 'EUR' }
    const { costId } = await planning.addCost(caller(), { ...cost, amount, kind: 'acquisition' })
    const dear = await get('/v1/equity/forward')
    expect(dear.assumptions.costPerCustomerMinor).toBeGreaterThan(before.assumptions.costPerCustomerMinor)
    await planning.removeCost(caller(), costId)
    expect((await get('/v1/equity/forward')).total).toEqual(before.total)
  })

  test('settings changed while one is computed are followed, and so is what came after it had begun', async () => {
    const old = get('/v1/equity/forward?fresh=true')
    await settle({ margin: 0.25 })
    expect((await get('/v1/equity/forward')).assumptions.margin).toBe(0.25)
    await old
    const first = get('/v1/equity/forward?fresh=true')
    await pipeline.send(order('later', 'later1', '2026-03-01', 30))
    const second = await get('/v1/equity/forward?fresh=true')
    expect(second).toMatchObject({ isCurrent: true, customers: (await equity.forward(pipeline.workspaceId)).customers })
    expect((await equity.valuesOf(pipeline.workspaceId, [await personOf('later')])).size).toBe(1)
    await first
  })

  test('settings changed are followed where only the first page looks', async () => {
    await settle({ margin: 0.5 })
    const look = () => equity.keptForward(pipeline.workspaceId)
    expect(await look()).toMatchObject({ isCurrent: false, assumptions: { margin: 0.25 } })
    await expect.poll(look, { timeout: 10_000 }).toMatchObject({ isCurrent: true, assumptions: { margin: 0.5 } })
  })

  test('a figure that supposes something else is not held against that of the day before', async () => {
    const before = await get('/v1/equity/forward?fresh=true')
    pipeline.clock.moveTo(testNow + 2 * dayMs)
    await settle({ margin: 0.2 })
    expect(await get('/v1/equity/forward')).toMatchObject({
      change: null,
      unlike: { since: { asOf: before.asOf }, differs: ['settings'] },
    })
    await settle({ margin: 0.5 })
    expect(await get('/v1/equity/forward')).toMatchObject({ change: { fromMinor: before.total.minor }, unlike: null })
    await planning.putRate(caller(), { currency: 'USD', on: '2026-02-01', rate: 0.8 })
    expect(await get('/v1/equity/forward')).toMatchObject({ change: null, unlike: { differs: ['rates'] } })
    await planning.removeRate(caller(), { currency: 'USD', base: 'EUR', on: '2026-02-01' })
    await planning.putRate(caller(), { currency: 'USD', on: '2026-03-05', rate: 0.8 })
    expect(await get('/v1/equity/forward')).toMatchObject({ change: { fromMinor: before.total.minor }, unlike: null })
  })

  test('who was erased in between is a part of what moved it, or goes on as her orders do: under a pseudonym', async () => {
    const { workspaceId, stores } = pipeline
    const before = await get('/v1/equity/forward?fresh=true')
    const [named, forgotten] = [await personOf('shopper-0'), await personOf('shopper-6')]
    const values = await equity.valuesOf(workspaceId, [named, forgotten])
    const worth = (personId: PersonId) => must(values.get(personId), 'she bought').valueMinor
    const pseudonym = newId<PersonId>()
    await stores.postgres.inWorkspace(workspaceId, async (tx) => {
      await equity.clearErased(tx, workspaceId, { ids: [named], pseudonym })
      await equity.clearErased(tx, workspaceId, { ids: [named], pseudonym })
      await equity.clearErased(tx, workspaceId, { ids: [forgotten], pseudonym: null })
    })
    const left = await equity.valuesOf(workspaceId, [named, forgotten, pseudonym])
    expect([...left].map(([personId, { valueMinor }]) => [personId, valueMinor])).toEqual([[pseudonym, worth(named)]])
    pipeline.clock.moveTo(testNow + 3 * dayMs)
    const { change, total } = await get('/v1/equity/forward?fresh=true')
    const parts: { key: string; heads: number; minor: number }[] = change.parts
    expect(parts.find(({ key }) => key === 'erased')).toEqual({ key: 'erased', heads: 1, minor: -worth(forgotten) })
    expect(parts.reduce((sum, part) => sum + part.minor, before.total.minor)).toBe(total.minor)
  })

  test('whoever was erased after a figure had read her orders is in it under her pseudonym, or not at all', async () => {
    const { workspaceId, stores } = pipeline
    const [hidden, done, asked] = [
      await personOf('shopper-0'),
      await personOf('shopper-7'),
      await personOf('shopper-8'),
    ]
    const pseudonym = newId<PersonId>()
    await get('/v1/equity/forward?fresh=true')
    const before = await equity.valuesOf(workspaceId, [hidden, done, asked])
    expect(before.size).toBe(3)
    // As the figure finds them when it writes: her orders were hers when it read them.
    await stores.admin(
      `insert into erasure (workspace_id, erasure_id, person_ids, pseudonym, state, requested_at, requested_by)
       select $1, e.person_id, array[e.person_id], e.pseudonym, e.state, 0, 'user:test'
       from unnest($2::uuid[], $3::uuid[], $4::text[]) e(person_id, pseudonym, state)`,
      [workspaceId, [hidden, done, asked], [pseudonym, null, newId<PersonId>()], ['hidden', 'done', 'requested']],
    )
    await get('/v1/equity/forward?fresh=true')
    const after = await equity.valuesOf(workspaceId, [hidden, done, asked, pseudonym])
    expect(new Map(after)).toEqual(
      new Map([
        [asked, before.get(asked)],
        [pseudonym, before.get(hidden)],
      ]),
    )
    await stores.admin('delete from erasure where workspace_id = $1', [workspaceId])
  })
})

/** 120 shoppers over a year, number 0 buying most often; the same each time. */
const manyOrders = () =>
  Array.from({ length: 120 }, (_, person) => {
    const purchases = person === 0 ? 20 : 1 + ((person * 7) % 6)
    const start = at('2025-03-10') + ((person * 37) % 120) * dayMs
    return Array.from({ length: purchases }, (_, nth) => {
      const when = new Date(start + nth * (person === 0 ? 17 : 12 + ((person * 13) % 30)) * dayMs)
      if (when.getTime() > at('2026-02-27')) return []
      return order(
        `shopper-${person}`,
        `s${person}-${nth}`,
        when.toISOString().slice(0, 10),
        20 + ((person * 11 + nth * 5) % 40),
      )
    }).flat()
  }).flat()
