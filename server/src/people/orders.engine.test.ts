import { mostMinor } from '@baton/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../../../tests/harness/app.ts'
import { type TestPipeline, testNow, testPipeline, tombstoneKey } from '../../../tests/harness/pipeline.ts'
import { holdWorkers } from '../jobs/index.ts'
import { dayMs, must, systemClock } from '../kernel/index.ts'
import { rebuildProjection } from './rebuild.ts'
import { peopleRoutes } from './routes.ts'

let pipeline: TestPipeline
let get: (url: string) => Promise<{ readonly statusCode: number; readonly body: string }>
beforeAll(async () => {
  pipeline = await testPipeline()
  const { stores, collect, people, workspaceId } = pipeline
  const { postgres, clickhouse } = stores
  const [currencyOf, domainNow] = [async () => 'EUR', async () => testNow]
  const deps = { postgres, clickhouse, collect, currencyOf, domainNow, tombstoneKey }
  const http = await testApp(stores, { rooms: [peopleRoutes(people, deps)] })
  const headers = await http.as(workspaceId, 'owner')
  get = (url) => http.app.inject({ url, headers })
})
afterAll(() => pipeline.stop())

const said = (userId: string, event: string, minutesAgo: number, properties: object) => ({
  type: 'track',
  userId,
  event,
  timestamp: new Date(testNow - minutesAgo * 60_000).toISOString(),
  properties,
})

const ordersOf = async (userId: string) => {
  const { people, workspaceId } = pipeline
  const personId = must(await people.find(workspaceId, 'userId', userId), 'she ordered')
  const { person } = must(await people.dataOf(workspaceId, personId), 'she is there')
  return person
}

test('an amount that is no number, or too big for an order, is shown and not counted', async () => {
  await pipeline.send(
    said('comma', 'Order Completed', 9, { order_id: 'comma', revenue: '12,50', currency: 'EUR' }),
    said('huge', 'Order Completed', 9, { order_id: 'huge-1', revenue: 90_000_000_000_000, currency: 'EUR' }),
    said('huge', 'Order Completed', 9, { order_id: 'huge-2', revenue: 90_000_000_000_000, currency: 'EUR' }),
    ...[1, 2, 3].map((minute) =>
      said('huge', 'Order Refunded', minute, { order_id: 'huge-3', revenue: 90_000_000_000 }),
    ),
  )
  expect(await ordersOf('comma')).toMatchObject({
    orders: [{ grossMinor: 0, setAside: [{ kind: 'completed', reason: 'unreadable', stated: '12,50' }] }],
  })
  const { orders, revenue } = await ordersOf('huge')
  expect(orders.find(({ orderId }) => orderId === 'huge-1')).toMatchObject({
    grossMinor: 0,
    setAside: [{ kind: 'completed', reason: 'too-big', stated: '90000000000000' }],
  })
  expect(revenue).toEqual({ minor: -mostMinor, currency: 'EUR' })
  expect((await get('/v1/people')).statusCode).toBe(200)
})

test('an order id that a program sends for every order stays one bounded row, and its order is of the first by time', async () => {
  const { stores, workspaceId } = pipeline
  const all = 20_000
  const events = Array.from({ length: all }, (_, nth) => ({
    ...said('same', 'Order Refunded', 0, { order_id: 'undefined', revenue: 1, currency: 'EUR' }),
    timestamp: new Date(testNow - (nth + 1) * 1_000).toISOString(),
  }))
  // Newest first: each turn's are earlier than all that is kept.
  for (let at = 0; at < all; at += 5_000) await pipeline.send(...events.slice(at, at + 5_000))
  const read = () =>
    stores.admin<{ facts: number; bytes: number; version: string }>(
      `select jsonb_array_length(facts) as facts, length(facts::text) as bytes, version from customer_order
       where workspace_id = $1 and order_id = 'undefined'`,
      [workspaceId],
    )
  const [row] = await read()
  expect(row?.facts).toBe(1_001)
  expect(row?.bytes).toBeLessThan(250_000)
  const tooMany = { reason: 'too-many-events', at: testNow - (all - 1_000) * 1_000 }
  const order = { refundedMinor: 100_000, orderedAt: testNow - all * 1_000, setAside: [tooMany] }
  expect((await ordersOf('same')).orders).toMatchObject([order])
  // What comes after says nothing new of it: it stands in her timeline, and the row is not written again.
  await pipeline.send(said('same', 'Order Completed', 0, { order_id: 'undefined', revenue: 5, currency: 'EUR' }))
  expect(await read()).toEqual([row])
  expect((await ordersOf('same')).orders).toMatchObject([order])
  const [seen] = await stores.clickhouse.query<{ n: number }>({
    sql: `select toUInt32(count()) as n from event where workspace_id = {w:UUID} and properties.order_id.:String = 'undefined'`,
    params: { w: workspaceId },
  })
  expect(seen?.n).toBe(all + 1)
})

/** The workspace's own currency is EUR. */
test('a refund that names no currency is in its order’s, whichever of the two comes first', async () => {
  const completed = (order: string) =>
    said('yen', 'Order Completed', 9, { order_id: order, total: 10_000, currency: 'JPY' })
  const refunded = (order: string) => said('yen', 'Order Refunded', 1, { order_id: order, total: 3_000 })
  await pipeline.send(completed('first'))
  await pipeline.send(refunded('first'))
  await pipeline.send(refunded('last'))
  await pipeline.send(completed('last'))
  const { orders, revenue } = await ordersOf('yen')
  const yen = { currency: 'JPY', grossMinor: 10_000, refundedMinor: 3_000, setAside: [] }
  expect(orders.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))).toMatchObject([
    { orderId: 'first', ...yen },
    { orderId: 'last', ...yen },
  ])
  expect(revenue).toEqual({ minor: 14_000, currency: 'JPY' })
})

test('an amount stated in another currency than the order’s is shown and not counted', async () => {
  await pipeline.send(
    said('dollar', 'Order Completed', 9, { order_id: 'd', total: 20, currency: 'EUR' }),
    said('dollar', 'Order Updated', 5, { order_id: 'd', total: 22, currency: 'USD' }),
    said('dollar', 'Order Refunded', 1, { order_id: 'd', total: 5.5, currency: 'usd' }),
  )
  expect((await ordersOf('dollar')).orders).toEqual([
    {
      orderId: 'd',
      orderedAt: testNow - 9 * 60_000,
      currency: 'EUR',
      grossMinor: 2_000,
      refundedMinor: 0,
      cancelled: false,
      deliveredAt: null,
      setAside: [
        {
          kind: 'updated',
          at: testNow - 5 * 60_000,
          reason: 'other-currency',
          amount: { minor: 2_200, currency: 'USD' },
        },
        { kind: 'refunded', at: testNow - 60_000, reason: 'other-currency', amount: { minor: 550, currency: 'USD' } },
      ],
    },
  ])
})

test('facts that were kept in minor units before go on counting', async () => {
  await pipeline.send(said('before', 'Order Completed', 9, { order_id: 'b', total: 20, currency: 'EUR' }))
  await pipeline.stores.admin(
    `update customer_order set facts = jsonb_build_array(
       jsonb_build_object('kind', 'completed', 'at', ordered_at, 'messageId', 'c', 'amountMinor', 2000, 'currency', 'EUR'),
       jsonb_build_object('kind', 'refunded', 'at', ordered_at + 1, 'messageId', 'r', 'amountMinor', 300, 'currency', 'EUR'))
     where order_id = 'b'`,
  )
  await pipeline.send(said('before', 'Order Refunded', 1, { order_id: 'b', total: 2 }))
  expect((await ordersOf('before')).orders).toMatchObject([{ grossMinor: 2_000, refundedMinor: 500, setAside: [] }])
})

test('revenue is of all her orders, however many she and others of the page have', async () => {
  const buyers = ['many', 'more']
  await pipeline.send(
    ...buyers.flatMap((userId) =>
      Array.from({ length: 600 }, (_, nth) =>
        said(userId, 'Order Completed', nth, { order_id: `${userId}-${nth}`, total: 1, currency: 'EUR' }),
      ),
    ),
    said('most', 'Order Completed', 1, { order_id: 'most-cancelled', total: 1, currency: 'EUR' }),
    said('most', 'Order Cancelled', 0, { order_id: 'most-cancelled' }),
    ...Array.from({ length: 1_001 }, (_, nth) =>
      said('most', 'Order Completed', nth, { order_id: `most-${nth}`, total: 1, currency: 'EUR' }),
    ),
  )
  const items: { title: string; revenue: unknown }[] = JSON.parse((await get('/v1/people')).body).items
  const kept = (title: string) => items.find((item) => item.title === title)?.revenue
  for (const userId of buyers) expect(kept(userId)).toEqual({ minor: 60_000, currency: 'EUR' })
  const csv = (await get('/v1/people.csv')).body.split('\r\n')
  for (const userId of buyers) expect(csv.find((line) => line.includes(`,${userId},`))).toContain('600,EUR')
  const { orders, ...person } = await ordersOf('most')
  expect(orders).toHaveLength(1_000)
  expect(person).toMatchObject({
    revenue: { minor: 100_100, currency: 'EUR' },
    orderCounts: { all: 1_002, notCancelled: 1_001 },
  })
})

test('what its order has kept is a duplicate when its message id has long been forgotten, also for a rebuild', async () => {
  const { stores, clock, collect, people, workspaceId } = pipeline
  const kept = { ...said('late', 'Order Completed', 9, { order_id: 'l', total: 20 }), messageId: 'kept' }
  const other = { ...said('late', 'Order Updated', 5, { order_id: 'l', total: 30 }), messageId: 'other' }
  await pipeline.send(kept)
  clock.moveBy(60 * dayMs)
  await collect.tendPartitions()
  await pipeline.send(kept, other, kept)
  const eventsOf = () =>
    stores.clickhouse.query({
      sql: `select message_id, count() as n from event
        where workspace_id = {w:UUID} and properties.order_id.:String = 'l' group by message_id order by message_id`,
      params: { w: workspaceId },
    })
  const once = [
    { message_id: 'kept', n: 1 },
    { message_id: 'other', n: 1 },
  ]
  expect(await eventsOf()).toEqual(once)
  expect((await ordersOf('late')).orders).toMatchObject([{ orderId: 'l', grossMinor: 3_000 }])
  const { postgres, clickhouse } = stores
  await rebuildProjection({
    postgres,
    clickhouse,
    feed: people.feed,
    workspaces: async () => [workspaceId],
    holdWorkers: (work) => holdWorkers({ postgres, clock: systemClock }, work),
    signal: new AbortController().signal,
    progress: () => undefined,
  })
  expect(await eventsOf()).toEqual(once)
})
