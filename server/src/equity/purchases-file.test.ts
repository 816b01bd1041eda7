import { describe, expect, test } from 'vitest'
import { findDateFormat, findDecimalMark, parseDay, readAmount, readDay, writeDay } from '../kernel/index.ts'
import { readPurchasesFile } from './purchases-file.ts'

const columns = { customer: 'customer', date: 'date', value: 'value' }
const written = (text: string, options: Parameters<typeof readPurchasesFile>[1] = columns) =>
  readPurchasesFile(text, options).purchases.map((p) => `${p.customer} ${writeDay(p.day)} ${p.value}`)

describe('a file of purchases', () => {
  test.each([
    ['comma', 'customer,date,value\n"Anna, B.",2024-01-05,9.50\n', 'Anna, B. 2024-01-05 9.5'],
    ['semicolon', 'value;customer;date\n9,50;7;05.01.2024\n1,00;7;25.01.2024\n', '7 2024-01-05 9.5'],
    ['tab', 'date\tcustomer\tvalue\r\n20240105\t7\t1,234.50\r\n', '7 2024-01-05 1234.5'],
    ['whitespace', '  customer  date   value\n  00007 20240105  9.50\n', '00007 2024-01-05 9.5'],
    ['byte order mark', '\uFEFFCustomer,Date,Value\nx,2024-01-05 08:26,9\n', 'x 2024-01-05 9'],
  ])('%s separated columns are found by name', (_, text, expected) => {
    expect(written(text)[0]).toBe(expected)
  })

  test('columns are found by number, with a header and without', () => {
    const byNumber = { customer: '2', date: '1', value: '3' }
    expect(written('2024-01-05 a 1\n2024-01-06 b 2\n', byNumber)).toHaveLength(2)
    expect(written('when who what\n2024-01-05 a 1\n2024-01-06 b 2\n', byNumber)).toHaveLength(2)
    expect(readPurchasesFile('bad a 1\n2024-01-06 b 2\n', { ...byNumber, header: false }).unread).toMatchObject([
      { line: 1, reason: 'bad-date' },
    ])
  })

  test('rows that can not be read are listed with line and reason, and the others are kept', () => {
    const file = readPurchasesFile(
      'customer,date,value\na,2024-01-05,1\n,2024-01-05,1\nb,2024-02-31,1\nc,2024-01-05,much\nd,2024-01-05\ne,,3\nf,2024-01-07,\ng,2024-01-08,-2\n',
      columns,
    )
    expect(file.purchases.map((p) => p.customer)).toEqual(['a', 'g'])
    expect(file.unread.map((u) => [u.line, u.reason])).toEqual([
      [3, 'no-customer'],
      [4, 'bad-date'],
      [5, 'bad-value'],
      [6, 'too-few-columns'],
      [7, 'no-date'],
      [8, 'no-value'],
    ])
  })

  test.each([
    ['', /no rows/],
    ['customer,date,value\n', /no rows|no dates/],
    ['customer,date,price\na,2024-01-05,1\n', /no value column "value".*customer, date, price/],
    ['customer,date,value\na,soon,1\n', /no dates that can be read, e.g. "soon"/],
    ['customer,date,value\na,3/4/2024,1\n', /day-month or month-day.*--date-format/],
    ['customer,date,value\na,2024-01-05,x\n', /None of the file's 1 rows.*line 2, bad-value/],
  ])('%j is refused with what to do', (text, message) => {
    expect(() => readPurchasesFile(text, columns)).toThrow(message)
  })

  test('an unclosed quote loses no row unsaid', () => {
    const file = readPurchasesFile('customer,date,value\na,2024-01-05,1\nb,"2024-01"-06,1\nc,2024-01-07,1\n', columns)
    expect(file.purchases.length + file.unread.length).toBe(3)
  })
})

describe('dates', () => {
  test.each([
    [['19970101', '19971231'], 'yyyymmdd'],
    [['1997-01-01', '1997-12-31T23:59:59+02:00'], 'iso'],
    [['3/4/2024', '25/4/2024 8:26'], 'day-month-year'],
    [['3/4/2024', '4/25/24'], 'month-day-year'],
    [['01.02.2024', '31.12.2024'], 'day-month-year'],
  ])('%j are written %s', (texts, format) => {
    expect(findDateFormat(texts)).toEqual({ kind: 'found', format })
  })

  test('days that are not in the calendar are refused', () => {
    expect(readDay('20230229', 'yyyymmdd')).toBeNull()
    expect(readDay('2024-13-01', 'iso')).toBeNull()
    expect(parseDay('1997-09-30')).toBe(parseDay('19970930'))
  })
})

describe('amounts', () => {
  test.each([
    ['11.77', '.', 11.77],
    ['-4', '.', -4],
    ['(3.50)', '.', -3.5],
    ['€ 1,234.50', '.', 1234.5],
    ['-$5', '.', -5],
    ['1.234,50 €', ',', 1234.5],
    ['1,23', '.', null],
    ['', '.', null],
    ['NaN', '.', null],
    ['1e5', '.', null],
  ] as const)('%j with the decimal mark %j is %j', (text, mark, value) => expect(readAmount(text, mark)).toBe(value))

  test('the decimal mark is that with which most can be read', () => {
    expect(findDecimalMark(['9,50', '1.200,00', '7'])).toBe(',')
    expect(findDecimalMark(['9.50', '1,200.00', '7'])).toBe('.')
  })
})
