import { expect, test } from 'vitest'
import { cellsOf, looksLikeAmount, sampleOf } from './file-sample.ts'

test('a first line of words names the columns', () => {
  const sample = sampleOf('InvoiceNo,Date,Price\n1,2026-01-02,9.90\n', true)
  expect(sample).toMatchObject({ separator: 'comma', header: true, names: ['InvoiceNo', 'Date', 'Price'] })
  expect(sample.rows).toEqual([['1', '2026-01-02', '9.90']])
})

test('a first line with a number or a date in it is a row like the others', () => {
  const sample = sampleOf(' 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n', true)
  expect(sample).toMatchObject({ separator: 'whitespace', header: false, names: ['', '', '', '', ''] })
  expect(cellsOf(sample, 4)).toEqual(['29.33', '29.73'])
})

test('who looks at the file knows better', () => {
  expect(sampleOf('2024;2025\n1;2\n', true, { header: true }).names).toEqual(['2024', '2025'])
  expect(sampleOf('a,b;c\n', true, { separator: 'comma' }).names).toEqual(['a', 'b;c'])
})

test.each(['9.90', '1.234,50', "1'234.50", '-5', '(12.00)', '€ 3', '3 €', '12 000'])('%s is an amount', (cell) => {
  expect(looksLikeAmount(cell)).toBe(true)
})
test.each(['', 'red', 'C536379', '2026-01-02', '10:30'])('%s is none', (cell) => {
  expect(looksLikeAmount(cell)).toBe(false)
})
