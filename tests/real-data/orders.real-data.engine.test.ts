import { createReadStream } from 'node:fs'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createImports, type Imports } from '../../server/src/collect/index.ts'
import { createEquity, type Equity } from '../../server/src/equity/index.ts'
import { systemClock, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { createLifeCycle, followMasks, type LifeCycle } from '../../server/src/lifecycle/index.ts'
import { createSegments } from '../../server/src/segments/index.ts'
import { addWorkspace, type TestPipeline, testNow, testPipeline } from '../harness/pipeline.ts'
import { customersKeeping } from './kept-orders.ts'
import { readRealData, realDataPath, testOnRealData } from './real-data.ts'

const retailFile = 'online_retail/online_retail_prefix.csv'
const sampleFile = 'cdnow/CDNOW_sample.txt'

let pipeline: TestPipeline
let imports: Imports
let equity: Equity
let lifeCycle: LifeCycle
beforeAll(async () => {
  const workspaces = {
    get: async (workspaceId: WorkspaceId) => ({
      workspaceId,
      name: 'Real data',
      currency: 'GBP',
      timeZone: 'UTC' as never,
      isSample: false,
      settings: {},
      clockAt: testNow,
      createdAt: testNow,
    }),
    audit: async () => undefined,
  }
  const log = pino({ level: 'silent' })
  pipeline = await testPipeline(({ stores, clock, collect, people }) => {
    const { postgres } = stores
    imports = createImports({ postgres, clock: systemClock, collect, people, workspaces })
    const domainNow = async () => clock.now()
    const segments = createSegments({ ...stores, people, log, domainNow, consumers: [followMasks] })
    lifeCycle = createLifeCycle({ postgres, segments, people, workspaces: { ...workspaces, domainNow } })
    return [imports.stage, segments.stage]
  })
  await lifeCycle.definition(pipeline.workspaceId)
  const { postgres } = pipeline.stores
  const planning = {
    costsBetween: async () => [],
    rates: async () => [],
    marks: async () => ({ costs: '', rates: '' }),
  }
  equity = createEquity({ postgres, clock: systemClock, log, workspaces, people: pipeline.people, planning })
})
afterAll(async () => {
  await equity.close()
  await pipeline.stop()
})

const importFile = async (workspaceId: WorkspaceId, path: string, mapping: object) => {
  const made = { workspaceId, actor: 'test', fileName: path, mapping: { guests: 'keep', ...mapping } as never }
  const importId = await imports.receive(made, createReadStream(realDataPath(path)))
  await pipeline.runner.settle(workspaceId)
  return imports.get(workspaceId, importId)
}
const sumOfOrders = async (workspaceId: WorkspaceId) => {
  const [row] = await pipeline.stores.admin(
    `select count(*)::int as orders, 
       sum(case when cancelled then 0 else gross_minor - refunded_minor end)::int as net
     from customer_order where workspace_id = $1`,
    [workspaceId],
  )
  return row
}

describe('online retail, through the log, the people stage and the projection', () => {
  const mapping = {
    order: 'InvoiceNo',
    customer: 'CustomerID',
    date: 'InvoiceDate',
    quantity: 'Quantity',
    price: 'UnitPrice',
    source: 'online-retail',
  }

  testOnRealData(retailFile)(
    'every row counts: 1,315 customers, 3,230 invoices, gross 1,250,887.28; twice is the same',
    async () => {
      const { workspaceId } = pipeline
      const job = await importFile(workspaceId, retailFile, mapping)
      expect(job).toMatchObject({
        state: 'done',
        rows: 73_558,
        accepted: 73_558,
        rejected: 0,
        customers: 1_315,
        orders: 3_230,
        guestOrders: 3_230 - 2_752,
      })
      const first = await sumOfOrders(workspaceId)
      expect(first).toMatchObject({ net: 125_088_728, orders: 3_230 - job.cancellations })
      expect(await importFile(workspaceId, retailFile, mapping)).toMatchObject({ orders: 3_230, rejected: 0 })
      expect(await sumOfOrders(workspaceId)).toEqual(first)

      // The trap: a 77,183.60 order cancelled minutes later makes nobody a customer.
      const person = await pipeline.people.find(workspaceId, 'userId', '12346')
      const [trap] = await pipeline.stores.admin(
        `select o.order_id, gross_minor::int as gross, refunded_minor::int as refunded, cancelled from customer_order o
         join subject s using (workspace_id, subject_id) where s.person_id = $1`,
        [person],
      )
      expect(trap).toEqual({ order_id: '541431', gross: 7_718_360, refunded: 0, cancelled: true })
    },
    120_000,
  )

  testOnRealData(retailFile)(
    'the statement of the whole file: heads and money of those with a name, guests beside',
    async () => {
      const period = { from: Date.UTC(2010, 11, 1), to: Date.UTC(2011, 1, 1) }
      const statement = await equity.statement(pipeline.workspaceId, period)
      const { new: fresh, old, returnsOnly, guests } = statement
      expect(fresh.revenueMinor + old.revenueMinor + returnsOnly.revenueMinor).toBe(97_924_169)
      expect(guests).toEqual({ orders: 478, revenueMinor: 125_088_728 - 97_924_169 })
      expect(old.heads).toBe(0)
      expect(statement.result.kind).toBe('revenue-without-costs')
      const { people } = await equity.termPeople(pipeline.workspaceId, {
        term: 'new',
        ...period,
        offset: 0,
        limit: 5_000,
        withTitles: true,
      })
      expect(people).toHaveLength(fresh.heads)
      expect(people.some((person) => person.title === '12346')).toBe(false)
    },
  )
})

describe('the life cycle of the online shop', () => {
  testOnRealData(retailFile)(
    'Buyer, Loyal and Lost are who kept an order, as the file and equity have it; no guests, and not customer 12346',
    async () => {
      const { workspaceId, people } = pipeline
      const kept = customersKeeping(readRealData(retailFile))
      const view = await lifeCycle.view(workspaceId)
      const states = view.tracks.flatMap((track) => track.states)
      const countOf = (wanted: string) => states.find(({ state }) => state === wanted)?.count
      expect([countOf('buyer'), countOf('loyal'), countOf('lost'), countOf('bought')]).toEqual([
        [...kept.values()].filter((orders) => orders < 3).length,
        [...kept.values()].filter((orders) => orders >= 3).length,
        kept.size,
        0,
      ])
      expect([countOf('aware'), countOf('reached')]).toEqual([1_315 + 478 - kept.size, 1_315 + 478 - kept.size])
      const all = { from: Date.UTC(2010, 0, 1), to: Date.UTC(2012, 0, 1) }
      expect((await equity.statement(workspaceId, all)).new.heads).toBe(kept.size)
      const trap = (await people.find(workspaceId, 'userId', '12346')) ?? expect.fail('no person 12346')
      const standings = (await lifeCycle.standingsOf(workspaceId, [trap])).get(trap)
      expect(standings?.map(({ state }) => state).sort()).toEqual(['anonymous', 'aware', 'reached'])
    },
  )
})

describe('CDNOW, through the log, the people stage and the projection', () => {
  testOnRealData(sampleFile)(
    'the sample gives the published BG/NBD and Gamma-Gamma parameters',
    async () => {
      const workspaceId = await addWorkspace(pipeline.stores)
      const job = await importFile(workspaceId, sampleFile, { customer: '1', date: '3', amount: '5', source: 'cdnow' })
      expect(job).toMatchObject({ state: 'done', rows: 6_919, rejected: 0, customers: 2_357, orders: 6_919 })
      expect(await sumOfOrders(workspaceId)).toMatchObject({ orders: 6_919 })

      const figure = await equity.forward(workspaceId, { asOf: Date.UTC(1997, 8, 30, 12) })
      if (figure.kind !== 'computed') throw new Error(figure.explanation)
      expect(figure.customers).toBe(2_357)
      const near = (actual: number | undefined, published: number) =>
        expect(Math.abs((actual ?? 0) / published - 1)).toBeLessThan(0.005)
      near(figure.parameters.r, 0.242595)
      near(figure.parameters.alpha, 4.413602)
      near(figure.parameters.a, 0.792922)
      near(figure.parameters.b, 2.425906)
      near(figure.spend.p, 6.25)
      near(figure.spend.q, 3.74)
      // In minor units, like every amount of an answer.
      near(figure.spend.gamma / 100, 15.44)
      const [low, high] = figure.current.interval ?? [0, 0]
      expect([low < figure.current.minor, figure.current.minor < high]).toEqual([true, true])
    },
    60_000,
  )
})
