import { importJob } from '@baton/contract'
import { expect } from 'vitest'
import { z } from 'zod'
import { foundOperation } from '../faults/operation.ts'
import { spawnBaton, startServer, until } from '../harness/server-process.ts'
import { realDataPath, testOnRealData } from './real-data.ts'

const retailFile = 'online_retail/online_retail_prefix.csv'
const sampleFile = 'cdnow/CDNOW_sample.txt'
const madeWorkspace = z.object({ workspaceId: z.uuid() })
const term = z.object({ heads: z.int(), revenueMinor: z.int() })
const statement = z.object({
  new: term,
  old: term,
  returnsOnly: z.object({ revenueMinor: z.int() }),
  guests: z.object({ orders: z.int(), revenueMinor: z.int() }),
})
const forward = z.object({
  kind: z.literal('computed'),
  customers: z.int(),
  parameters: z.record(z.string(), z.number()),
  spend: z.looseObject({ p: z.number(), q: z.number(), gamma: z.number() }),
})

/** `baton import orders FILE`, as a newcomer runs it beside the server; answers what it printed as JSON. */
const importBy = async (
  dataFolder: string,
  path: string,
  workspaceId: string,
  map: Readonly<Record<string, string>>,
) => {
  const pairs = Object.entries(map).map(([field, column]) => `${field}=${column}`)
  const where = ['--data', dataFolder, '--workspace', workspaceId]
  const { ended, output } = spawnBaton(['import', 'orders', realDataPath(path), ...where, '--json', '--map', ...pairs])
  expect([await ended, output()]).toEqual([0, expect.stringContaining('{')])
  return importJob.parse(JSON.parse(output()))
}

testOnRealData(sampleFile, retailFile)(
  'baton import orders brings CDNOW and the online shop into a running server: counts and equity are the published ones',
  async () => {
    const server = await startServer()
    const { call, workspaceId } = await foundOperation(() => server.address, server.firstRunToken)
    const shop = madeWorkspace.parse(
      await call('POST', '/v1/workspaces', { name: 'Online retail', currency: 'GBP', timeZone: 'UTC' }),
    )

    const music = await importBy(server.dataFolder, sampleFile, workspaceId, {
      customer: '1',
      date: '3',
      amount: '5',
      source: 'cdnow',
    })
    expect(music).toMatchObject({ state: 'done', rows: 6_919, rejected: 0, customers: 2_357, orders: 6_919 })
    const retail = await importBy(server.dataFolder, retailFile, shop.workspaceId, {
      order: 'InvoiceNo',
      customer: 'CustomerID',
      date: 'InvoiceDate',
      quantity: 'Quantity',
      price: 'UnitPrice',
      source: 'online-retail',
      guests: 'keep',
    })
    expect(retail).toMatchObject({ state: 'done', rows: 73_558, rejected: 0, customers: 1_315, orders: 3_230 })
    expect(retail.totals).toEqual([{ currency: 'GBP', minor: 125_088_728 }])

    // Imported means: in the log. The people stage follows; its figures are final when the revenue of both is whole.
    const period = `from=${Date.UTC(2010, 11, 1)}&to=${Date.UTC(2011, 1, 1)}`
    const shown = await until(
      async () => statement.parse(await call('GET', `/v1/equity/statement?${period}&workspace=${shop.workspaceId}`)),
      (found) => found.guests.orders === 478 && found.new.revenueMinor + found.returnsOnly.revenueMinor === 97_924_169,
      90_000,
    )
    expect(shown).toMatchObject({
      old: { heads: 0, revenueMinor: 0 },
      guests: { orders: 478, revenueMinor: 125_088_728 - 97_924_169 },
    })

    const figure = await until(
      async () =>
        forward.safeParse(
          await call('GET', `/v1/equity/forward?asOf=${Date.UTC(1997, 8, 30, 12)}&fresh=true&workspace=${workspaceId}`),
        ),
      ({ data }) => data?.customers === 2_357,
      90_000,
    )
    const { parameters, spend } = forward.parse(figure.data)
    const published = { r: 0.242595, alpha: 4.413602, a: 0.792922, b: 2.425906, p: 6.25, q: 3.74, gamma: 15.44 }
    const found: Readonly<Record<string, number>> = { ...parameters, p: spend.p, q: spend.q, gamma: spend.gamma / 100 }
    for (const [name, value] of Object.entries(published))
      expect(Math.abs((found[name] ?? 0) / value - 1), `${name}: ${found[name]} for ${value}`).toBeLessThan(0.005)
  },
)
