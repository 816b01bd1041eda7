import { describe, expect, test } from 'vitest'
import { parseDay } from '../kernel/index.ts'
import { summarisePurchases } from './rfm.ts'

const day = (text: string): number => parseDay(text) ?? Number.NaN
const bought = (customer: string, on: string, value: number) => ({ customer, day: day(on), value })
const only = (...purchases: ReturnType<typeof bought>[]) =>
  summarisePurchases(purchases, { unit: 'week', calibrationEnd: day('1997-09-30'), observationEnd: day('1998-06-30') })
    .customers[0]

describe('purchases to summaries', () => {
  test('the first customer of the CDNOW sample is x = 2, t_x = 30.43, T = 38.86, mean 22.345', () => {
    const customer = only(
      bought('00004', '1997-01-01', 29.33),
      bought('00004', '1997-01-18', 29.73),
      bought('00004', '1997-08-02', 14.96),
      bought('00004', '1997-12-12', 26.48),
    )
    expect(customer).toMatchObject({ x: 2, meanSpend: 22.345, holdoutPurchases: 1, holdoutValue: 26.48 })
    expect(customer?.tx).toBeCloseTo(30.43, 2)
    expect(customer?.T).toBeCloseTo(38.86, 2)
  })

  test('purchases of one day are one; a purchase of value 0 is one, too', () => {
    expect(
      only(bought('a', '1997-02-01', 12), bought('a', '1997-02-01', 77), bought('a', '1997-03-01', 0)),
    ).toMatchObject({
      x: 1,
      meanSpend: 0,
    })
  })

  test('what is returned on the day it was bought was no purchase', () => {
    expect(
      only(bought('a', '1997-02-01', 12), bought('a', '1997-03-01', 77183.6), bought('a', '1997-03-01', -77183.6)),
    ).toMatchObject({
      x: 0,
    })
  })

  test('a later return lessens the newest purchases before it, and is none itself', () => {
    const customer = only(
      bought('a', '1997-02-01', 12),
      bought('a', '1997-03-01', 10),
      bought('a', '1997-04-01', 20),
      bought('a', '1997-05-01', -25),
    )
    expect(customer).toMatchObject({ x: 1, meanSpend: 5 })
  })

  test('a return without a purchase makes no customer', () => {
    expect(only(bought('a', '1997-02-01', -5))).toBeUndefined()
  })

  test('customers who came after the calibration are counted, ids without purchase named', () => {
    const history = summarisePurchases(
      [bought('a', '1997-02-01', 1), bought('b', '1998-01-01', 1), bought('c', '1997-01-01', 1)],
      {
        unit: 'day',
        calibrationEnd: day('1997-09-30'),
        ids: new Set(['a', 'b', 'z']),
      },
    )
    expect(history.customers.map((c) => c.customer)).toEqual(['a'])
    expect(history.customersAfterCalibration).toBe(1)
    expect(history.idsWithoutPurchase).toEqual(['z'])
    expect(history.observationEnd).toBe(day('1998-01-01'))
  })

  test('purchases after the observation take no part', () => {
    const history = summarisePurchases([bought('a', '1997-02-01', 1), bought('a', '1997-03-01', 1)], {
      unit: 'day',
      observationEnd: day('1997-02-20'),
    })
    expect(history.customers).toMatchObject([{ x: 0, tx: 0, T: 19 }])
  })
})
