import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRealData, realDataPath } from '../real-data/real-data.ts'

const dayMs = 86_400_000
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

interface OrdersFile {
  readonly path: string
  readonly orders: number
  readonly customers: number
  /** Cents. */
  readonly total: number
}

/** Customers of the CDNOW sample where it is there, moved in time so that their last order was yesterday; else made-up ones. */
export const writeOrdersFile = (folder: string, now: number): OrdersFile => {
  const purchases = existsSync(realDataPath(sample)) ? realPurchases() : madePurchases()
  const last = Math.max(...purchases.map(({ at }) => at))
  const shift = Math.floor((now - last) / dayMs - 1) * dayMs
  const rows = purchases.map(({ customer, at, cents }) => [customer, dayOf(at + shift), (cents / 100).toFixed(2)])
  const path = join(folder, 'orders.csv')
  writeFileSync(path, ['customer,date,amount', ...rows.map((row) => row.join(','))].join('\n'))
  return {
    path,
    orders: purchases.length,
    customers: new Set(purchases.map(({ customer }) => customer)).size,
    total: purchases.reduce((sum, { cents }) => sum + cents, 0),
  }
}

interface Purchase {
  readonly customer: string
  readonly at: number
  readonly cents: number
}

const sample = 'cdnow/CDNOW_sample.txt'
const realPurchases = (): readonly Purchase[] =>
  readRealData(sample)
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, customer]) => Number(customer) <= 300)
    .map(([, customer = '', day = '', , dollars = '']) => ({
      customer: `cdnow-${customer}`,
      at: Date.parse(day.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')),
      cents: Math.round(Number(dollars) * 100),
    }))

const madePurchases = (): readonly Purchase[] =>
  Array.from({ length: 120 }, (_, number) => number).flatMap((number) =>
    Array.from({ length: 1 + (number % 4) }, (_, order) => ({
      customer: `made-${number}`,
      at: Date.UTC(2024, 0, 1) + (number * 3 + order * 37) * dayMs,
      cents: 1_500 + ((number * 731 + order * 97) % 6_000),
    })),
  )

/** What winning and serving them cost in the last month. */
export const writeCostsFile = (folder: string, now: number): string => {
  const on = dayOf(now - 20 * dayMs)
  const path = join(folder, 'costs.csv')
  writeFileSync(
    path,
    [
      'date,amount,kind,phase,channel',
      `${on},120.50,acquisition,contact,search`,
      `${on},45,servicing,post-purchase,support`,
    ].join('\n'),
  )
  return path
}
