import { orderImportMapping } from '@baton/contract'
import { expect, test } from 'vitest'
import { sampleOf } from './file-sample.ts'
import { draftOf, type ImportDraft, mappingOf, problemsOf } from './import-draft.ts'

const chosen = { defaultCurrency: 'EUR', source: 'shop', guests: 'keep' } as const
const fileOf = (...lines: readonly string[]) => sampleOf(lines.join('\n'), true)
const given = (lines: readonly string[], change: Partial<ImportDraft> = {}) => {
  const sample = fileOf(...lines)
  const draft = { ...draftOf(sample, chosen), ...change }
  return { draft, problems: problemsOf(draft, sample), mapping: mappingOf(draft, sample) }
}

const invoices = [
  'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID',
  '536365,85123A,6,2010-12-01 08:26,2.55,17850',
]

test('a file whose header is known can be imported as it is', () => {
  const { problems, mapping } = given(invoices)
  expect(problems).toEqual({})
  expect(orderImportMapping.parse(mapping)).toEqual({
    order: '1',
    quantity: '3',
    date: '4',
    price: '5',
    customer: '6',
    header: true,
    separator: 'comma',
    dateFormat: 'iso',
    defaultCurrency: 'EUR',
    guests: 'keep',
    source: 'shop',
  })
})

test('a prefix is sent where there are order numbers for it', () => {
  expect(given(invoices, { orderPrefix: ' till- ' }).mapping.orderPrefix).toBe('till-')
  expect(given(['customer,date,amount', '7,2026-01-02,9.90'], { orderPrefix: 'till-' }).mapping).not.toHaveProperty(
    'orderPrefix',
  )
})

test('of amount and quantity × price only what was chosen is sent', () => {
  const lines = [
    'order,date,email,total,quantity,price',
    '1,2026-01-02,a@b.example,9,3,3',
    '2,2026-01-02,a@b.example,4,2,2',
  ]
  expect(given(lines).mapping).toMatchObject({ amount: '4' })
  expect(given(lines).mapping.price).toBeUndefined()
  expect(given(lines, { worth: 'product' }).mapping).toMatchObject({ quantity: '5', price: '6' })
  expect(given(lines, { worth: 'product' }).mapping.amount).toBeUndefined()
})

test('an order’s total that stands on each of its lines, or on the first alone, is not added up', () => {
  const header = 'order,date,email,total,quantity,price'
  const lines = (...totals: readonly string[]) => [
    header,
    ...totals.map((total) => `1,2026-01-02,a@b.example,${total},1,5`),
    '2,2026-01-02,a@b.example,4,2,2',
  ]
  expect(given(lines('10', '10')).draft.worth).toBe('product')
  expect(given(lines('10', '')).draft.worth).toBe('product')
  expect(given(lines('6', '4')).draft.worth).toBe('amount')
})

test('a column that is called like another one’s number is named', () => {
  const sample = sampleOf('3,date,amount\n7,2026-01-02,9.90\n', true, { header: true })
  const draft = { ...draftOf(sample, chosen), columns: { customer: 0, date: 1, amount: 2 } }
  expect(mappingOf(draft, sample)).toMatchObject({ customer: '1', date: '2', amount: 'amount' })
})

test('dates that can be read both ways wait for an answer', () => {
  const lines = ['customer,date,amount', '7,3/4/2026,9.90']
  expect(given(lines).problems).toEqual({ dateFormat: { code: 'both-ways', example: '3/4/2026' } })
  const answered = given(lines, { dateFormat: 'day-month-year' })
  expect(answered.problems).toEqual({})
  expect(answered.mapping.dateFormat).toBe('day-month-year')
})

test('seconds since 1970 are sent as such, because the server does not guess them', () => {
  expect(given(['customer,date,amount', '7,1767225600,9.90']).mapping.dateFormat).toBe('unix')
})

test('without a header what is needed is asked for', () => {
  const { problems } = given([' 00004 0001 19970101  2   29.33', ' 00004 0001 19970118  2   29.73'])
  expect(problems).toEqual({ customer: { code: 'who-missing', example: '' } })
})

test.each([
  [{ columns: { customer: 0, amount: 2 } }, { date: { code: 'date-missing', example: '' } }],
  [{ columns: { customer: 0, date: 1, amount: 3 } }, { amount: { code: 'no-number', example: 'red' } }],
  [{ columns: { customer: 0, date: 3, amount: 2 } }, { date: { code: 'no-date', example: 'red' } }],
  [{ columns: { customer: 0, date: 1, amount: 4 } }, { amount: { code: 'column-empty', example: '' } }],
  [{ columns: { customer: 0, date: 1 } }, { amount: { code: 'amount-missing', example: '' } }],
  [{ dateFormat: 'yyyymmdd' }, { dateFormat: { code: 'not-in-format', example: '2026-01-02' } }],
  [{ defaultCurrency: 'EURO' }, { defaultCurrency: { code: 'currency', example: '' } }],
  [
    { columns: { order: 3, customer: 0, date: 1, amount: 2 }, orderPrefix: 'till 1-' },
    { orderPrefix: { code: 'order-prefix', example: '' } },
  ],
  [{ source: 'a/b' }, { source: { code: 'source', example: '' } }],
] as const)('%j is refused before anything is sent', (change, problems) => {
  const lines = ['customer,date,amount,colour,empty', '7,2026-01-02,9.90,red,']
  expect(given(lines, change).problems).toEqual(problems)
})

test('quantity × price needs both', () => {
  const lines = ['customer,date,amount,quantity', '7,2026-01-02,9.90,1']
  expect(given(lines, { worth: 'product' }).problems).toEqual({ price: { code: 'price-missing', example: '' } })
})
