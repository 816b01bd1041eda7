import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../tests/harness/app.ts'
import { addWorkspace, type TestPipeline, testNow, testPipeline } from '../../../tests/harness/pipeline.ts'
import { createEquity } from '../equity/index.ts'
import { dayMs, hourMs } from '../kernel/index.ts'
import { createPlanning, type Planning } from '../planning/index.ts'
import { createHome, type HomeEquity, homeRoutes } from './index.ts'

let pipeline: TestPipeline
let http: TestApp
let planning: Planning
let owner: { readonly authorization: string }

const term = { heads: 3, revenueMinor: 300, averageMinor: 100 }
/** Equity has its own tests; here is what main connects. */
const equity: HomeEquity = {
  statement: async () => ({
    result: { kind: 'revenue-without-costs', minor: 300 },
    new: term,
    old: term,
    churned: term,
    unconverted: [],
  }),
  keptForward: async () => null,
}

beforeAll(async () => {
  pipeline = await testPipeline()
  const { stores, clock, workspaceId, people } = pipeline
  const { postgres, clickhouse } = stores
  const workspaces = {
    get: (id: typeof workspaceId) => http.workspaces.get(id),
    audit: (...given: Parameters<TestApp['workspaces']['audit']>) => http.workspaces.audit(...given),
  }
  planning = createPlanning({ postgres, clock, workspaces })
  const page = createHome({ postgres, clickhouse, clock, workspaces, people, planning, equity })
  http = await testApp(stores, { clock, rooms: [homeRoutes(page)] })
  owner = await http.as(workspaceId, 'owner')
})
afterAll(() => pipeline.stop())

const home = async (headers = owner) => (await http.app.inject({ url: '/v1/home', headers })).json()
const track = (userId: string, event: string, at: number, properties: object = {}) => ({
  type: 'track',
  userId,
  event,
  timestamp: new Date(at).toISOString(),
  properties,
})

describe('the first page', () => {
  test('a workspace where nothing has happened yet', async () => {
    expect(await home()).toMatchObject({
      currency: 'EUR',
      equity: { result: { kind: 'revenue-without-costs' }, newHeads: 3, forward: null },
      lifeCycle: null,
      today: { events: 0, newPeople: 0, orders: 0, revenue: [], messages: {} },
      checklist: [
        { key: 'first-event', done: false },
        { key: 'owners-named', done: false },
        { key: 'costs-entered', done: false },
        { key: 'first-segment', done: false },
        { key: 'first-journey-published', done: false },
        { key: 'first-message-read', done: false },
      ],
    })
  })

  test('today is the workspace’s own day; what is older, or imported, is not of it', async () => {
    await pipeline.send(
      track('ann', 'Product Viewed', testNow),
      track('ann', 'Order Completed', testNow - 2 * hourMs, { order_id: 'o1', revenue: 12.5, currency: 'EUR' }),
      track('bob', 'Product Viewed', testNow - 14 * hourMs),
    )
    await pipeline.collect.appendEvents(
      pipeline.workspaceId,
      'bulk',
      [track('old', 'Order Completed', testNow - 400 * 24 * hourMs, { order_id: 'o0', revenue: 99 })] as never,
      { source: 'import:test', historic: true },
    )
    await pipeline.runner.settle(pipeline.workspaceId)
    const { today, checklist } = await home()
    // Noon in UTC is 13:00 in Madrid: the day began 13 hours ago.
    expect(today).toMatchObject({
      since: testNow - 13 * hourMs,
      events: 2,
      orders: 1,
      revenue: [{ currency: 'EUR', minor: 1250 }],
    })
    expect(today.eventsByHour).toHaveLength(14)
    expect([today.eventsByHour[11], today.eventsByHour[13]]).toEqual([1, 1])
    expect(checklist[0]).toEqual({ key: 'first-event', done: true })
  })

  test('its 90 days are those of the page of equity: calendar days of the workspace, today among them', async () => {
    const { stores, clock, people, workspaceId } = pipeline
    const { postgres, clickhouse } = stores
    const real = createEquity({
      postgres,
      clock,
      log: pino({ level: 'silent' }),
      workspaces: { get: (id) => http.workspaces.get(id), audit: http.workspaces.audit },
      people,
      planning,
      lapses: async () => null,
      lostAfterDays: async () => 60,
    })
    const order = (userId: string, at: number, revenue: number) =>
      track(userId, 'Order Completed', at, { order_id: userId, revenue, currency: 'EUR' })
    // Noon in UTC: 89 days and 13 hours ago her day in Madrid began, 90 days ago is still the day before.
    await pipeline.send(
      order('before', testNow - 90 * dayMs + 9 * hourMs, 500),
      order('first-hour', testNow - 89 * dayMs - 12 * hourMs, 70),
    )
    const first = Temporal.Instant.fromEpochMilliseconds(testNow)
      .toZonedDateTimeISO('Europe/Madrid')
      .startOfDay()
      .subtract({ days: 89 })
    const period = { from: first.epochMilliseconds, to: first.add({ days: 90 }).epochMilliseconds }
    const page = await real.statement(workspaceId, period)
    const deps = { postgres, clickhouse, clock, workspaces: http.workspaces, people, planning, equity: real }
    const read = async () => (await createHome(deps).read(workspaceId, { money: true })).equity
    const shown = await read()
    expect(shown).toMatchObject({
      from: page.from,
      to: page.to,
      result: page.result,
      newHeads: page.new.heads,
      oldHeads: page.old.heads,
      churnedHeads: page.churned.heads,
      isPartUnconverted: false,
    })
    expect(page.new.revenueMinor).toBe(1250 + 7000)

    // Costs that nobody can tell in euros make no profit of revenue, and it is said that something is left out.
    const caller = { workspaceId, actor: 'test', scope: {} }
    const cost = { on: '2026-03-01', phase: null, channel: null, partner: null, note: null }
    const amount = { minor: 10_000, currency: 'USD' }
    const { costId } = await planning.addCost(caller, { ...cost, amount, kind: 'servicing' })
    expect(await read()).toMatchObject({ result: page.result, isPartUnconverted: true })
    await planning.removeCost(caller, costId)
    await real.close()
  })

  test('a cost entered ticks its step by itself', async () => {
    const nothing = { phase: null, channel: null, partner: null, note: null }
    const amount = { minor: 0, currency: 'EUR' }
    const caller = { workspaceId: pipeline.workspaceId, actor: 'test', scope: {} }
    await planning.addCost(caller, { on: '2026-03-01', amount, kind: 'servicing', ...nothing })
    expect((await home()).checklist[2]).toEqual({ key: 'costs-entered', done: true })
  })

  test('who may not see money sees the rest', async () => {
    const contributor = await http.as(pipeline.workspaceId, 'contributor')
    expect(await home(contributor)).toMatchObject({ equity: null, today: { events: 2, orders: 1, revenue: null } })
  })

  test('nobody sees it without a key, and another workspace has its own', async () => {
    expect((await http.app.inject({ url: '/v1/home' })).statusCode).toBe(401)
    const other = await http.as(await addWorkspace(pipeline.stores), 'owner')
    expect(await home(other)).toMatchObject({ today: { events: 0, orders: 0 } })
  })
})
