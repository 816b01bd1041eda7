import { mostMinor as mostInAnswers } from '@baton/contract'
import { describe, expect, test } from 'vitest'
import { mostMinor } from '../kernel/index.ts'
import { readCostRows } from './read-cost-rows.ts'

const read = (csv: string, options: Partial<Parameters<typeof readCostRows>[1]> = {}) =>
  readCostRows(csv, { currency: 'EUR', ...options })

describe('costs of a CSV file', () => {
  test('columns by name in any order, amounts and dates as people write them', () => {
    const file = read(
      'Kind;Amount;Date;Phase;Partner;Comment\nacquisition;1.250,50;31.12.2025;Contact;North Agency;"flyers; two runs"\nServicing;0;01.01.2026;post purchase;;\n',
    )
    expect(file).toMatchObject({ kind: 'read', refused: [] })
    expect(file.kind === 'read' && file.rows.map((row) => row.cost)).toEqual([
      {
        on: '2025-12-31',
        amount: { minor: 125050, currency: 'EUR' },
        kind: 'acquisition',
        phase: 'contact',
        channel: null,
        partner: 'North Agency',
        note: 'flyers; two runs',
      },
      {
        on: '2026-01-01',
        amount: { minor: 0, currency: 'EUR' },
        kind: 'servicing',
        phase: 'post-purchase',
        channel: null,
        partner: null,
        note: null,
      },
    ])
  })

  test('more than a cost can be is refused, with what to look at', () => {
    expect(mostMinor).toBe(mostInAnswers)
    const file = read('date,amount,kind\n2026-01-01,4006381333931,acquisition\n2026-01-01,100000000000,servicing\n')
    expect(file).toMatchObject({
      rows: [{ line: 3 }],
      refused: [{ line: 2, reason: expect.stringContaining('more than a cost can be'), remedy: expect.any(String) }],
    })
  })

  test('every row that cannot be read is listed with its line, why and what to do', () => {
    const file = read(
      'date,amount,kind,currency,phase\n2026-01-01,10,acquisition,,\nsoon,10,acquisition,,\n2026-01-02,ten,servicing,,\n2026-01-03,10,lunch,,\n2026-01-04,10,servicing,euro,\n2026-01-05,10,servicing,USD,autumn\n2026-01-06,10,servicing,jpy,loyalty\n',
    )
    if (file.kind !== 'read') throw new Error(file.message)
    expect(file.refused.map((row) => [row.line, row.reason])).toEqual([
      [3, '"soon" is not a date.'],
      [4, '"ten" is not an amount.'],
      [5, '"lunch" is not a kind of cost.'],
      [6, '"euro" is not a currency.'],
      [7, '"autumn" is not a phase.'],
    ])
    expect(file.refused.every((row) => row.remedy.length > 0)).toBe(true)
    expect(file.rows.map((row) => row.cost.amount)).toEqual([
      { minor: 1000, currency: 'EUR' },
      { minor: 10, currency: 'JPY' },
    ])
  })

  test('a file without the columns needed, or with days nobody can tell from months or a mark that may be of thousands, is refused with what to do', () => {
    expect(read('when,how much\n1,2\n')).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('"date"'),
    })
    const amounts = 'Date;Amount;Kind\n31.12.2025;1.250;acquisition\n31.12.2025;2.300;servicing\n'
    expect(read(amounts)).toMatchObject({ kind: 'unreadable', remedy: expect.stringContaining('decimalMark') })
    const minorOf = (csv: string, decimalMark?: '.' | ',') => {
      const file = read(csv, { decimalMark })
      return file.kind === 'read' ? file.rows.map(({ cost }) => cost.amount.minor) : file.message
    }
    expect(minorOf(amounts, ',')).toEqual([125_000, 230_000])
    expect(minorOf(amounts, '.')).toEqual([125, 230])
    // One amount that can be read in one way tells how the others are meant; whole ones mean the same either way.
    expect(minorOf(`${amounts}31.12.2025;3,50;servicing\n`)).toEqual([125_000, 230_000, 350])
    expect(minorOf('date,amount,kind\n2026-01-01,1250,servicing\n')).toEqual([125_000])
    const ambiguous = 'date,amount,kind\n03/04/2026,1,servicing\n'
    expect(read(ambiguous)).toMatchObject({ kind: 'unreadable', remedy: expect.stringContaining('dateFormat') })
    expect(read(ambiguous, { dateFormat: 'month-day-year' })).toMatchObject({
      rows: [{ cost: { on: '2026-03-04' } }],
    })
  })
})
