import { mostMinor, orderImportMapping } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ordersOfGroup, rejectBeyondTotal } from './group-orders.ts'
import { matchCancellations, type OrderSum } from './match-cancellations.ts'
import { eventsOfOrder, type ImportedOrder } from './order-events.ts'
import type { OrderGroup } from './order-group-store.ts'
import { createInstantReader } from './read-instant.ts'
import { createLineReader } from './read-order-line.ts'
import { understandFile } from './understand-file.ts'
import { isOfAnother } from './whose-order.ts'

const understand = (text: string, mapping: object) =>
  understandFile(Buffer.from(text), true, orderImportMapping.parse(mapping))
const byName = { order: 'Order', customer: 'Customer', date: 'Date', amount: 'Total' }

describe('a file is understood from its beginning', () => {
  test('columns by name, whatever the case; separator, dates and decimal comma found', () => {
    expect(understand('order;CUSTOMER;date;total\n1;a;31.12.2025 10:00;1.250,50\n', byName)).toMatchObject({
      understood: {
        separator: 'semicolon',
        header: true,
        columns: { order: 0, customer: 1, date: 2, amount: 3 },
        dateFormat: 'day-month-year',
        decimalMark: ',',
        width: 4,
      },
    })
  })

  test('columns by number in a file of blanks without header', () => {
    expect(understand(' 00004 0001 19970101  2   29.33\n', { customer: '1', date: '3', amount: '5' })).toMatchObject({
      understood: { separator: 'whitespace', header: false, dateFormat: 'yyyymmdd', columns: { date: 2, amount: 4 } },
    })
  })

  test('what cannot be told is asked, with the way to say it', () => {
    expect(understand('Order,Customer,Date,Total\n1,a,03/04/2025,1\n', byName)).toMatchObject({
      kind: 'not-understood',
      remedy: expect.stringContaining('dateFormat'),
    })
    expect(understand('a,b\n1,2\n', byName)).toMatchObject({ message: expect.stringContaining('a, b') })
    expect(understand('PK\u0003\u0004\u0000\u0000', byName)).toMatchObject({ message: 'This is not a text file.' })
  })

  test('text that is not UTF-8 is read as Latin-1', () => {
    const bytes = Buffer.from('Order,Customer,Date,Total\n1,Andr\u00e9,2025-01-01,1\n', 'latin1')
    expect(understandFile(bytes, true, orderImportMapping.parse(byName))).toMatchObject({
      understood: { encoding: 'latin1' },
    })
  })
})

describe('dates', () => {
  const madrid = createInstantReader('iso', 'Europe/Madrid')
  test('without a zone they are meant in the workspace’s, also on the days the clocks change', () => {
    expect(madrid('2010-12-01 08:26')).toBe(Date.parse('2010-12-01T08:26:00+01:00'))
    expect(madrid('2025-03-30 12:00')).toBe(Date.parse('2025-03-30T12:00:00+02:00'))
    expect(madrid('2025-10-26')).toBe(Date.parse('2025-10-26T00:00:00+02:00'))
    expect(madrid('2025-07-01T08:26:00Z')).toBe(Date.parse('2025-07-01T08:26:00Z'))
    expect(madrid('2025-07-01T08:26:00-05:00')).toBe(Date.parse('2025-07-01T08:26:00-05:00'))
  })
  test('twelve-hour clocks and seconds since 1970', () => {
    expect(createInstantReader('month-day-year', 'UTC')('12/1/2010 8:26 PM')).toBe(Date.UTC(2010, 11, 1, 20, 26))
    expect(createInstantReader('unix', 'UTC')('1291191960')).toBe(1_291_191_960_000)
  })
  test.each(['2025-02-30', 'soon', '2025-01-01 25:00', '2025-01-01 8:61'])('%s is none', (text) => {
    expect(madrid(text)).toBeNull()
  })
})

describe('rows become lines or are rejected with a reason', () => {
  const read = (row: string, more: object = {}) => {
    // Looked at in its beginning only.
    const text = `Order,Customer,Email,Date,Quantity,Price\n${row.replaceAll('\0', '')}\n`
    const mapping = orderImportMapping.parse({
      order: 'Order',
      customer: 'Customer',
      email: 'Email',
      date: 'Date',
      quantity: 'Quantity',
      price: 'Price',
      dateFormat: 'iso',
      ...more,
    })
    const found = understandFile(Buffer.from(text), true, mapping)
    if (found.kind !== 'understood') throw new Error(found.message)
    const how = { mapping, understood: found.understood, currency: 'EUR', timeZone: 'UTC', now: Date.UTC(2026, 0, 1) }
    return createLineReader(how)({ line: 2, cells: row.split(','), text: row })
  }
  test.each([
    [
      '7,ann,ANN@X.example,2025-01-01,2,1.25',
      { orderKey: '7', customer: 'ann', email: 'ann@x.example', currency: 'EUR' },
    ],
    ['7,NaN,,2025-01-01,-2,1.25', { customer: null, email: null, quantity: '-2', price: '1.25' }],
    ['7,ann,no address,2025-01-01,2,1.25', { customer: 'ann', email: null }],
    ['7,,no address,2025-01-01,2,1.25', { reason: 'bad-email' }],
    [',ann,,2025-01-01,2,1.25', { reason: 'no-order' }],
    ['7,ann,,,2,1.25', { reason: 'no-date' }],
    ['7,ann,,2025-13-01,2,1.25', { reason: 'bad-date' }],
    ['7,ann,,2026-01-05,2,1.25', { reason: 'future-date' }],
    ['7,ann,,2025-01-01,,1.25', { reason: 'no-amount' }],
    ['7,ann,,2025-01-01,two,1.25', { reason: 'bad-amount' }],
    ['7,ann,,2025-01-01', { reason: 'too-few-columns' }],
    ['7,a\0nn,,2025-01-01,2,1.25', { reason: 'not-text' }],
  ])('%s', (row, expected) => {
    expect(read(row)).toMatchObject(expected)
  })
  test('a prefix stands before the order number, and counts in how long it may be', () => {
    const till = { orderPrefix: 'till-' }
    expect(read('7,ann,,2025-01-01,2,1.25', till)).toMatchObject({ orderKey: 'till-7' })
    expect(read(`${'7'.repeat(196)},ann,,2025-01-01,2,1.25`, till)).toMatchObject({ reason: 'long-id' })
  })
  test('guests are listed instead where the import says so', () => {
    expect(read('7,,,2025-01-01,2,1.25', { guests: 'reject' })).toMatchObject({ reason: 'no-customer', line: 2 })
  })
})

describe('what cannot be counted is rejected', () => {
  const group = (total: string, more: Partial<OrderGroup> = {}): OrderGroup => ({
    orderKey: '1',
    customer: 'ann',
    email: null,
    customers: 1,
    at: 0,
    total,
    single: total,
    currency: 'EUR',
    currencies: 1,
    lines: 1,
    ...more,
  })
  const made = (each: OrderGroup, hasOrderNumbers = true) => ({
    group: each,
    made: ordersOfGroup(each, { hasOrderNumbers, source: 'shop', cancels: null }),
  })
  const tooBig = { made: { kind: 'rejected', reason: 'too-big' } }

  test('an amount of more than 10^13 cents, or more than 2^53 with what the file comes to', () => {
    expect(made(group('100000000000.01'))).toMatchObject(tooBig)
    expect(made(group('-100000000000.01'), false)).toMatchObject(tooBig)
    const big = made(group('100000000000'))
    const before = Number.MAX_SAFE_INTEGER - mostMinor + 1
    const grouped = rejectBeyondTotal([big, big, made(group('-1')), made(group('1')), big], { EUR: before })
    expect(grouped.map((each) => each.made.kind)).toEqual(['rejected', 'rejected', 'orders', 'orders', 'rejected'])
  })

  test('whatever decimal stands there, orders and their sum are whole numbers of cents', () => {
    const decimal = fc.tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 700n }).chain((most) => fc.bigInt({ min: 0n, max: most })),
      fc.stringMatching(/^(\.[0-9]{1,20})?$/),
    )
    const groups = fc.array(
      fc.record({
        total: decimal.map((parts) => parts.join('')),
        currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'ZZZ'),
        lines: fc.integer({ min: 1, max: 50 }),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(groups, fc.boolean(), (all, hasOrderNumbers) => {
        const grouped = rejectBeyondTotal(
          all.map(({ total, ...more }) => made(group(total, more), hasOrderNumbers)),
          {},
        )
        const orders = grouped.flatMap((each) => (each.made.kind === 'orders' ? each.made.orders : []))
        for (const of of Map.groupBy(orders, ({ currency }) => currency).values())
          expect(Number.isSafeInteger(of.reduce((sum, { minor }) => sum + minor, 0))).toBe(true)
        expect(orders.every((order) => eventsOfOrder(order, 'shop').length > 0)).toBe(true)
      }),
    )
  })
})

describe('which order a return cancels', () => {
  const sum = (orderKey: string, minor: number, at: number, customer = 'ann'): OrderSum => ({
    orderKey,
    minor,
    at,
    customer,
    currency: 'EUR',
  })
  test('the newest of hers before it, of exactly that amount; each order once', () => {
    const orders = [sum('1', 500, 1), sum('2', 500, 2), sum('3', 700, 3), sum('9', 500, 9), sum('4', 500, 2, 'bob')]
    const returns = [sum('C5', -500, 5), sum('C6', -500, 6), sum('C7', -500, 7), sum('C8', -699, 8)]
    expect([...matchCancellations([...returns, ...orders])]).toEqual([
      ['C5', '2'],
      ['C6', '1'],
    ])
  })
  test('an order cancelled in the same minute is found', () => {
    expect([...matchCancellations([sum('C2', -100, 5), sum('1', 100, 5)])]).toEqual([['C2', '1']])
  })
  test('what came after makes no difference to what was matched before', () => {
    const orders = fc.array(
      fc.record({ minor: fc.integer({ min: -3, max: 3 }), at: fc.integer({ min: 0, max: 20 }) }),
      { maxLength: 25 },
    )
    fc.assert(
      fc.property(orders, (made) => {
        const sums = made.map((each, index) => sum(String(index).padStart(2, '0'), each.minor, each.at))
        const early = matchCancellations(sums.filter((each) => each.at <= 10))
        const all = matchCancellations(sums)
        for (const [back, order] of early) expect(all.get(back)).toBe(order)
        expect(new Set(all.values()).size).toBe(all.size)
      }),
    )
  })
})

describe('whose an order number is', () => {
  const row = (customer: string | null, email: string | null = null) => ({ customer, email })
  const ann = [
    { kind: 'userId', value: 'ann' },
    { kind: 'userId', value: 'ann-before' },
    { kind: 'email', value: 'ann@x.example' },
    { kind: 'anonymousId', value: 'browser' },
  ]
  const guest = [{ kind: 'anonymousId', value: 'guest:shop:7' }]
  test.each([
    [row('ann'), ann, false],
    [row('ann-before'), ann, false],
    [row('bob'), ann, true],
    [row(null, 'ann@x.example'), ann, false],
    [row('bob', 'ann@x.example'), ann, false],
    [row(null, 'bob@x.example'), ann, true],
    [row('ann', 'new@x.example'), ann, false],
    [row(null), ann, false],
    [row('bob'), [{ kind: 'email', value: 'ann@x.example' }], false],
    [row('bob', 'bob@x.example'), [{ kind: 'email', value: 'ann@x.example' }], true],
    [row(null, 'ann@x.example'), [{ kind: 'userId', value: 'ann' }], false],
    [row('bob'), [{ kind: 'anonymousId', value: 'browser' }], false],
    [row('bob'), [], false],
    [row('bob'), guest, false],
    [row(null), guest, false],
  ])('%j against %j: another %s', (of, holder, another) => {
    expect(isOfAnother(of, holder, 'shop')).toBe(another)
  })
  test('a guest of another source is another', () => {
    expect([row('bob'), row(null)].map((of) => isOfAnother(of, guest, 'till'))).toEqual([true, true])
    expect(isOfAnother(row('ann'), [...ann, ...guest], 'till')).toBe(false)
  })
})

describe('orders as events', () => {
  const order: ImportedOrder = {
    orderId: '7',
    customer: 'ann',
    email: null,
    at: Date.UTC(2025, 0, 1),
    minor: 1250,
    currency: 'EUR',
    lines: 2,
    cancels: null,
  }
  test('the same order has the same message id from the same source, another from another', () => {
    const id = (made: ImportedOrder, source = 'shop') => eventsOfOrder(made, source)[0]?.messageId
    expect(id({ ...order })).toBe(id(order))
    expect(
      new Set([id(order), id(order, 'till'), id({ ...order, minor: 1251 }), id({ ...order, orderId: '8' })]).size,
    ).toBe(4)
  })
  test('a return cancels the order it is of as a whole, else it stands under its own number', () => {
    expect(eventsOfOrder({ ...order, orderId: 'C8', minor: -1250, cancels: '7' }, 'shop')).toMatchObject([
      { event: 'Order Cancelled', userId: 'ann', properties: { order_id: '7', refund_id: 'C8', revenue: -12.5 } },
    ])
    expect(eventsOfOrder({ ...order, orderId: 'C8', minor: -1250 }, 'shop')).toMatchObject([
      { event: 'Order Refunded', properties: { order_id: 'C8', revenue: -12.5 } },
    ])
  })
  test('an address makes her known; without customer and address she is a guest of this order', () => {
    expect(eventsOfOrder({ ...order, customer: null, email: 'ann@x.example' }, 'shop')).toMatchObject([
      { type: 'identify', traits: { email: 'ann@x.example' } },
      { type: 'track' },
    ])
    expect(eventsOfOrder({ ...order, customer: null }, 'shop')).toMatchObject([
      { type: 'identify', anonymousId: 'guest:shop:7', traits: { guest: true } },
      { type: 'track', anonymousId: 'guest:shop:7' },
    ])
  })
})
