import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/harness/app.ts'
import { addWorkspace, type TestPipeline, testPipeline } from '../../../../tests/harness/pipeline.ts'
import { dayMs, must, systemClock } from '../../kernel/index.ts'
import type { Workspaces } from '../../workspaces/index.ts'
import { type Collect, createCollect, createImports, type Imports, importRoutes } from '../index.ts'

let workspaces: Workspaces | undefined
const known = () => must(workspaces, 'the test app is made before anything is imported')
let imports: Imports
let collect: Collect
let deaths = 0
let pipeline: TestPipeline
let http: TestApp
let headers: { readonly authorization: string }
beforeAll(async () => {
  pipeline = await testPipeline(({ stores, clock, people }) => {
    // A request takes half of it, a turn comes to twice as much.
    collect = createCollect({ postgres: stores.postgres, clock, mostBytesWaiting: 300_000 })
    imports = createImports({
      postgres: stores.postgres,
      clock: systemClock,
      people,
      ordersPerTurn: 1_000,
      // Dies between the log's commit and its own checkpoint when told to.
      collect: {
        appendEvents: async (...given) => {
          const position = await collect.appendEvents(...given)
          if (deaths > 0) {
            deaths -= 1
            throw new Error('killed here')
          }
          return position
        },
      },
      workspaces: { get: (id) => known().get(id), audit: (tx, entry) => known().audit(tx, entry) },
    })
    return [imports.stage]
  })
  const { stores, workspaceId } = pipeline
  http = await testApp(stores, { rooms: [importRoutes({ imports, postgres: stores.postgres })] })
  workspaces = http.workspaces
  headers = await http.as(workspaceId, 'owner')
})
afterAll(async () => {
  await pipeline.stop()
  await collect.writer.drain()
})

const mapping = { order: 'order', customer: 'customer', date: 'date', amount: 'amount' }
const post = (text: string | Buffer, map: object = mapping, as = headers) =>
  http.app.inject({
    method: 'POST',
    url: '/v1/imports',
    query: { mapping: JSON.stringify(map), fileName: 'orders.csv' },
    headers: { ...as, 'content-type': 'text/csv' },
    payload: text,
  })
const importFile = async (text: string | Buffer, map: object = mapping) => {
  const { importId } = (await post(text, map)).json()
  await pipeline.runner.settle(pipeline.workspaceId)
  return (await http.app.inject({ url: `/v1/imports/${importId}`, headers })).json()
}
const orders = () =>
  pipeline.stores.admin<{ order_id: string; gross: string; refunded: string; currency: string; cancelled: boolean }>(
    `select order_id, gross_minor as gross, refunded_minor as refunded, currency, cancelled from customer_order
     where workspace_id = $1 order by order_id`,
    [pipeline.workspaceId],
  )

/** Events whose order number is like this, and the different numbers they have. */
const eventsOfOrders = async (pattern: string) => {
  const [seen] = await pipeline.stores.clickhouse.query<{ n: number; orders: number }>({
    sql: `select count() as n, uniqExact(properties.order_id.:String) as orders from event
      where workspace_id = {w:UUID} and properties.order_id.:String like {pattern:String}`,
    params: { w: pipeline.workspaceId, pattern },
  })
  return seen
}
const file = `order,customer,date,amount
1,ann,2025-01-01,10.00
1,ann,2025-01-01,2.50
2,bob,2025-01-02,20.00
C3,bob,2025-01-02,-20.00
C4,ann,2025-02-01,-1.00
2b,,2025-01-03,7.00
,ann,2025-01-03,1.00
5,ann,yesterday,1.00
6,ann,2025-01-04,"open
7,ann,2025-01-05,3.00
`

describe('a file of orders', () => {
  test('lines of an order are one; returns cancel or stand as negative revenue; every bad row is listed', async () => {
    const job = await importFile(file)
    expect(job).toMatchObject({
      state: 'done',
      rows: 10,
      accepted: 7,
      rejected: 3,
      orders: 6,
      returns: 2,
      cancellations: 1,
      guestOrders: 1,
      customers: 2,
      totals: [{ currency: 'EUR', minor: 2150 }],
      rejectedByReason: { 'no-order': 1, 'bad-date': 1, 'broken-quotes': 1 },
    })
    expect(await orders()).toEqual([
      { order_id: '1', gross: '1250', refunded: '0', currency: 'EUR', cancelled: false },
      { order_id: '2', gross: '2000', refunded: '0', currency: 'EUR', cancelled: true },
      { order_id: '2b', gross: '700', refunded: '0', currency: 'EUR', cancelled: false },
      { order_id: '7', gross: '300', refunded: '0', currency: 'EUR', cancelled: false },
      { order_id: 'C4', gross: '0', refunded: '100', currency: 'EUR', cancelled: false },
    ])
    const { items } = (await http.app.inject({ url: `/v1/imports/${job.importId}/rejections`, headers })).json()
    expect(items.map((row: { line: number; text: string }) => [row.line, row.text])).toEqual([
      [8, ',ann,2025-01-03,1.00'],
      [9, '5,ann,yesterday,1.00'],
      [10, '6,ann,2025-01-04,"open'],
    ])
  })

  test('twice gives the same; the events are historic and stand once', async () => {
    const before = await orders()
    expect(await importFile(file)).toMatchObject({ state: 'done', accepted: 7 })
    expect(await orders()).toEqual(before)
    const [seen] = await pipeline.stores.clickhouse.query<{ n: number; historic: number }>({
      sql: `select count() as n, countIf(historic) as historic from event where workspace_id = {w:UUID} and name like 'Order%'`,
      params: { w: pipeline.workspaceId },
    })
    expect(seen).toEqual({ n: 6, historic: 6 })
  })

  test('its rows are known to the planner before they are joined: blindly that takes their number squared', async () => {
    const looks = async () => {
      const [row] = await pipeline.stores.admin<{ looks: number }>(
        `select analyze_count::int as looks from pg_stat_user_tables where relname = 'order_import_line'`,
      )
      return row?.looks ?? 0
    }
    const before = await looks()
    await importFile(file)
    expect(await looks()).toBe(before + 1)
  })

  test('nothing is left of the file once it is done', async () => {
    const [left] = await pipeline.stores.admin(
      'select (select count(*) from order_import_line) + (select count(*) from order_import_piece) as n',
    )
    expect(left).toEqual({ n: '0' })
  })

  test('a longer file than fits a piece, with lines of an order far apart, byte-order mark and CRLF', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `L${i % 10_000},c${i % 50},2025-03-01 10:00,1.10`)
    const text = `\uFEFForder,customer,date,amount\r\n${rows.join('\r\n')}`
    const job = await importFile(text)
    expect(job).toMatchObject({ state: 'done', rows: 20_000, orders: 10_000, customers: 50, rejected: 0 })
    expect(job.totals).toEqual([{ currency: 'EUR', minor: 2_200_000 }])
    const [sum] = await pipeline.stores.admin(
      `select count(*) as n, sum(gross_minor) as gross from customer_order where order_id like 'L%'`,
    )
    expect(sum).toEqual({ n: '10000', gross: '2200000' })
  })

  test('without an order column each row is an order, equal rows too', async () => {
    const text = ' 7 19970101 29.33\n 7 19970101 29.33\n 8 19970102 -5\n'
    const job = await importFile(text, { customer: '1', date: '2', amount: '3', defaultCurrency: 'USD', source: 'old' })
    expect(job).toMatchObject({ state: 'done', orders: 3, returns: 1, totals: [{ currency: 'USD', minor: 5366 }] })
    const old = (await orders()).filter((order) => order.order_id.startsWith('old-'))
    expect(old.map((order) => [order.gross, order.refunded]).sort()).toEqual([
      ['0', '500'],
      ['2933', '0'],
      ['2933', '0'],
    ])
  })

  test('equal rows beyond what a turn writes and the log takes at once are as many orders, each once', async () => {
    const guests = `email,date,amount\n${',2025-05-01,3.50\n'.repeat(2_500)},2025-05-02,1.00\n`
    deaths = 1
    const job = await importFile(guests, { email: 'email', date: 'date', amount: 'amount', source: 'till' })
    expect(job).toMatchObject({ state: 'done', rows: 2_501, rejected: 0, orders: 2_501, guestOrders: 2_501 })
    expect(job.totals).toEqual([{ currency: 'EUR', minor: 875_100 }])
    expect(deaths).toBe(0)
    expect(await eventsOfOrders('till-row-%')).toEqual({ n: 2_501, orders: 2_501 })
  })

  test('an address joins the orders of one person', async () => {
    await importFile('date,email,total\n2025-01-01,Eve@Shop.example,5\n2025-01-02,eve@shop.example,6\n', {
      email: 'email',
      date: 'date',
      amount: 'total',
      source: 'mail',
    })
    const person = await pipeline.people.find(pipeline.workspaceId, 'email', 'eve@shop.example')
    expect(person).not.toBeNull()
    const [of] = await pipeline.stores.admin(
      `select count(*) as n from customer_order o join subject s using (workspace_id, subject_id) where s.person_id = $1`,
      [person],
    )
    expect(of).toEqual({ n: '2' })
  })
})

describe('two systems that count alike', () => {
  const shop = 'order,customer,date,amount\n1001,sue,2025-06-01,40.00\n1002,tom,2025-06-02,50.00\n'
  const till =
    'order,customer,date,amount\n1001,una,2025-06-03,70.00\n1002,tom,2025-06-02,50.00\n1003,una,2025-06-04,5.00\nR1,una,2025-06-05,-70.00\n'
  /** Whose orders with these numbers are, as net amounts. */
  const held = async (like: string) =>
    pipeline.stores.admin<{ order_id: string; customer: string; net: number }>(
      `select o.order_id, i.value as customer, 
         (case when o.cancelled then 0 else o.gross_minor - o.refunded_minor end)::int as net from customer_order o
       join identifier i using (workspace_id, subject_id)
       where o.workspace_id = $1 and o.order_id like $2 and i.kind = 'userId' order by 1`,
      [pipeline.workspaceId, like],
    )
  const atShop = [
    { order_id: '1001', customer: 'sue', net: 4000 },
    { order_id: '1002', customer: 'tom', net: 5000 },
  ]

  test('a number that stands under another customer is not written over, but listed with what to do', async () => {
    await importFile(shop, { ...mapping, source: 'shop' })
    const job = await importFile(till, { ...mapping, source: 'till' })
    // The return as well: it would cancel what another customer bought.
    expect(job).toMatchObject({ accepted: 2, rejected: 2, orders: 2, rejectedByReason: { 'other-customer': 2 } })
    expect(job.totals).toEqual([{ currency: 'EUR', minor: 5500 }])
    expect(await held('100_')).toEqual([...atShop, { order_id: '1003', customer: 'una', net: 500 }])
    const { items } = (await http.app.inject({ url: `/v1/imports/${job.importId}/rejections`, headers })).json()
    expect(items.map((row: { line: number }) => row.line)).toEqual([2, 5])
    expect(items[0].remedy).toContain('order prefix')
  })

  test('with a prefix each has its own, and a return cancels the order of its file; twice is once', async () => {
    for (const file of ['first', 'again'])
      expect([file, await importFile(till, { ...mapping, source: 'till', orderPrefix: 'till-' })]).toMatchObject([
        file,
        { accepted: 4, rejected: 0, orders: 4, cancellations: 1 },
      ])
    expect((await held('100_')).slice(0, 2)).toEqual(atShop)
    expect(await held('till-%')).toEqual([
      { order_id: 'till-1001', customer: 'una', net: 0 },
      { order_id: 'till-1002', customer: 'tom', net: 5000 },
      { order_id: 'till-1003', customer: 'una', net: 500 },
    ])
  })

  test('files sent at once are compared, too: the second waits until the orders of the first are known', async () => {
    const jobs = await Promise.all(
      ['vera', 'will'].map(async (customer) =>
        (await post(`order,customer,date,amount\n2001,${customer},2025-06-01,40.00\n`)).json(),
      ),
    )
    await pipeline.runner.settle(pipeline.workspaceId)
    const found = await Promise.all(
      jobs.map(async ({ importId }) => (await http.app.inject({ url: `/v1/imports/${importId}`, headers })).json()),
    )
    expect(found.map(({ rejected }) => rejected).sort()).toEqual([0, 1])
  })

  test('who was merged since, or is known by an id here and an address there, is the same customer', async () => {
    const { workspaceId, collect, runner } = pipeline
    const bought = (who: object, orderId: string) => ({
      type: 'track',
      event: 'Order Completed',
      messageId: `sdk-${orderId}`,
      timestamp: '2025-06-01T10:00:00Z',
      properties: { order_id: orderId, revenue: 8, currency: 'EUR' },
      ...who,
    })
    const events = [
      bought({ userId: 'xia' }, '3001'),
      { type: 'identify', messageId: 'yan-1', anonymousId: 'b-1', traits: { email: 'yan@x.example' } },
      bought({ anonymousId: 'b-1' }, '3002'),
      bought({ userId: 'zoe-old' }, '3003'),
      { type: 'alias', messageId: 'zoe-1', userId: 'zoe', previousId: 'zoe-old' },
      bought({ anonymousId: 'b-2' }, '3004'),
    ]
    await collect.appendEvents(workspaceId, 'live', events, { source: 'test' })
    await runner.settle(workspaceId)
    const file = `order,customer,mail,date,amount
3001,,xia@x.example,2025-06-01,8.00
3002,yan,,2025-06-01,8.00
3003,zoe,,2025-06-01,8.00
3004,zoe,,2025-06-01,8.00
`
    expect(await importFile(file, { ...mapping, email: 'mail' })).toMatchObject({ rejected: 0, orders: 4 })
    const other = await importFile(
      'order,customer,mail,date,amount\n3002,,other@x.example,2025-06-01,9.00\n3003,zac,,2025-06-01,9.00\n',
      { ...mapping, email: 'mail' },
    )
    expect(other).toMatchObject({ rejected: 2, orders: 0 })
  })

  test('a guest of one source is nobody of another; of the same, whoever the corrected row names', async () => {
    await importFile('order,customer,date,amount\n4001,,2025-06-01,8.00\n', { ...mapping, source: 'shop' })
    const named = 'order,customer,date,amount\n4001,abe,2025-06-01,8.00\n'
    expect(await importFile(named, { ...mapping, source: 'shop' })).toMatchObject({ rejected: 0 })
    expect(await importFile(named, { ...mapping, source: 'till' })).toMatchObject({ rejected: 1 })
  })

  test('a prefix needs the column of the order numbers, and has no blanks', async () => {
    const { order: _, ...without } = mapping
    for (const map of [
      { ...without, orderPrefix: 'till-' },
      { ...mapping, orderPrefix: 'till 1' },
    ])
      expect((await post(till, map)).statusCode).toBe(400)
  })
})

describe('what can go wrong', () => {
  test('killed after the log had it and before the checkpoint: it goes on, and nothing stands twice', async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) => `K${i},k${i % 9},2025-04-01,2.00`)
    deaths = 2
    const job = await importFile(`order,customer,date,amount\n${rows.join('\n')}\n`)
    expect(job).toMatchObject({ state: 'done', orders: 2_500, totals: [{ currency: 'EUR', minor: 500_000 }] })
    expect(deaths).toBe(0)
    expect(await eventsOfOrders('K%')).toEqual({ n: 2_500, orders: 2_500 })
  })

  test('a file that cannot be understood says what to do', async () => {
    expect(await importFile('a,b\n1,2\n')).toMatchObject({
      state: 'failed',
      problem: { message: expect.stringContaining('"order"'), remedy: expect.stringContaining('Map order') },
    })
    const empty = await post('')
    expect(empty.statusCode).toBe(400)
  })

  test('an order in two currencies is rejected whole, and counted so', async () => {
    const job = await importFile(
      'order,customer,date,amount,cur\nM1,a,2025-01-01,1,EUR\nM1,a,2025-01-01,1,USD\nM2,a,2025-01-01,1,JPY\n',
      { ...mapping, currency: 'cur' },
    )
    expect(job).toMatchObject({ accepted: 1, rejected: 2, orders: 1, totals: [{ currency: 'JPY', minor: 1 }] })
  })

  test('the mapping is checked before a byte is stored', async () => {
    const answer = await post(file, { order: 'order', date: 'date' })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid-input'])
    const json = await http.app.inject({
      method: 'POST',
      url: '/v1/imports',
      query: { mapping: JSON.stringify(mapping) },
      headers,
      payload: { a: 1 },
    })
    expect(json.statusCode).toBe(415)
  })

  test('a stopped import stays stopped, and what it stored goes', async () => {
    const { importId } = (await post(file)).json()
    const stopped = await http.app.inject({ method: 'POST', url: `/v1/imports/${importId}/stop`, headers })
    expect(['stopped', 'done']).toContain(stopped.json().state)
    await pipeline.runner.settle(pipeline.workspaceId)
    const [left] = await pipeline.stores.admin('select count(*) as n from order_import_piece')
    expect(left).toEqual({ n: '0' })
  })

  test('an analyst may look but not import; another workspace sees nothing', async () => {
    const analyst = await http.as(pipeline.workspaceId, 'analyst')
    expect((await post(file, mapping, analyst)).statusCode).toBe(403)
    expect((await http.app.inject({ url: '/v1/imports?limit=2', headers: analyst })).json().items).toHaveLength(2)
    const other = await http.as(await addWorkspace(pipeline.stores), 'owner')
    const { items } = (await http.app.inject({ url: '/v1/imports', headers })).json()
    const foreign = await http.app.inject({ url: `/v1/imports/${items[0].importId}`, headers: other })
    expect(foreign.statusCode).toBe(404)
    expect((await http.app.inject({ url: '/v1/imports', headers: other })).json().items).toEqual([])
  })
})

test('again after the message ids were forgotten: nothing stands twice', async () => {
  const { stores, collect, clock, people, workspaceId } = pipeline
  const lines = `order,customer,email,date,amount
T1,theo,theo@shop.example,2025-01-01,10
T2,theo,theo@shop.example,2025-01-02,20
T3,,tim@shop.example,2025-01-03,30
CT2,theo,theo@shop.example,2025-01-04,-20
`
  const map = { ...mapping, email: 'email' }
  const known = async () => {
    const events = await stores.clickhouse.query({
      sql: 'select name, count() as n from event where workspace_id = {w:UUID} group by name order by name',
      params: { w: workspaceId },
    })
    const hers = await Promise.all(
      ['theo@shop.example', 'tim@shop.example'].map(async (email) => {
        const personId = must(await people.find(workspaceId, 'email', email), 'she was imported')
        const data = must(await people.dataOf(workspaceId, personId), 'she is there')
        return { person: data.person, orders: data.orders, events: await Array.fromAsync(data.events) }
      }),
    )
    return { events, hers, orders: await orders() }
  }
  await importFile(lines, map)
  const before = await known()
  expect(before.hers.map(({ events }) => events.map(({ type }) => type).toSorted())).toEqual([
    ['identify', 'track', 'track', 'track'],
    ['identify', 'track'],
  ])
  clock.moveBy(60 * dayMs)
  await collect.tendPartitions()
  expect(await stores.admin('select 1 from dedup_key')).toEqual([])
  expect(await importFile(lines, map)).toMatchObject({ state: 'done', accepted: 4 })
  expect(await known()).toEqual(before)
})

describe('customers named by an address', () => {
  const byAddress = { order: 'order', email: 'email', date: 'date', amount: 'amount' }
  const find = async (...orderIds: string[]) =>
    (await orders()).filter(({ order_id }) => orderIds.includes(order_id)).map((row) => [row.order_id, row.cancelled])

  test('a return cancels the order of its address, whatever stands on the other lines of both', async () => {
    const text = `order,email,date,amount
e1,eve@example.com,2026-01-01,30
e1,,2026-01-01,20
e2,Eve@example.com,2026-01-02,-50
e3,fay@example.com,2026-01-03,-50
`
    expect(await importFile(text, byAddress)).toMatchObject({ accepted: 4, returns: 2, cancellations: 1, customers: 2 })
    expect(await find('e1', 'e2', 'e3')).toEqual([
      ['e1', true],
      ['e3', false],
    ])
  })

  test('two of them under one order number are several customers; an id beside an address is one', async () => {
    const text = `order,customer,email,date,amount
k1,,ann@example.com,2026-01-01,10
k1,,bob@example.com,2026-01-01,20
k2,c2,,2026-01-01,10
k2,,cleo@example.com,2026-01-01,20
k3,c3,dan@example.com,2026-01-01,10
k3,,dan@example.com,2026-01-01,20
k4,c4,eli@example.com,2026-01-01,10
k4,,flo@example.com,2026-01-01,20
k5,,flo@example.com,2026-01-02,-30
`
    expect(await importFile(text, { ...byAddress, customer: 'customer' })).toMatchObject({
      orders: 3,
      cancellations: 0,
      rejectedByReason: { 'several-customers': 4 },
    })
    expect(await find('k1', 'k2', 'k3', 'k4')).toEqual([
      ['k2', false],
      ['k3', false],
    ])
  })
})

describe('a row that can’t be taken stops nothing', () => {
  test('an amount that can’t be counted costs its own row only', async () => {
    const rows = [
      '70,max,2025-03-01,1.00',
      '71,max,2025-03-02,9007199254740993',
      '72,max,2025-03-03,-1.00',
      '73,max,2025-03-04,-9007199254740993',
      `74,max,2025-03-05,${'9'.repeat(200)}`,
    ]
    const job = await importFile(`order,customer,date,amount\n${rows.join('\n')}\n`)
    expect(job).toMatchObject({
      state: 'done',
      accepted: 2,
      rejected: 3,
      rejectedByReason: { 'too-big': 3 },
      cancellations: 1,
      totals: [{ currency: 'EUR', minor: 0 }],
    })
    // Equal rows without numbers are an order each: no single one is too much, all together are.
    const equal = 'max,2025-03-06,80000000000000\n'.repeat(3)
    const { order: _, ...withoutNumbers } = mapping
    expect(await importFile(`customer,date,amount\n${equal}max,2025-03-07,1\n`, withoutNumbers)).toMatchObject({
      state: 'done',
      accepted: 1,
      rejectedByReason: { 'too-big': 3 },
    })
    expect(await importFile('order,customer,date,amount\n70,max,2025-03-01,1.00\n')).toMatchObject({ state: 'done' })
  })

  test('a row that is no text costs itself only, however far down it stands', async () => {
    const long = 'x'.repeat(2_000)
    const rows = Array.from({ length: 400 }, (_, n) => `n${n},max,2025-04-01,0.00,${long}`)
    const text = `order,customer,date,amount,note\n${rows.join('\n')}\nn\0,max,2025-04-01,1.00,\n`
    expect(await importFile(text)).toMatchObject({ state: 'done', accepted: 400, rejectedByReason: { 'not-text': 1 } })
  })
})
