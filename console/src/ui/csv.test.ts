import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('a cell that a spreadsheet would run as a formula is written as text', () => {
  expect(toCsv(['name'], [['=HYPERLINK("x")'], ['+1'], ['@a'], ['-2']])).toBe(
    ['name', `"'=HYPERLINK(""x"")"`, "'+1", "'@a", "'-2"].join('\r\n'),
  )
})

test('numbers stay numbers, negative ones too, and nothing is an empty cell', () => {
  expect(toCsv(['a', 'b', 'c'], [[-12.5, null, true]])).toBe('a,b,c\r\n-12.5,,true')
})

test('commas, quotes and line breaks are quoted', () => {
  expect(toCsv(['a'], [['x,y'], ['say "hi"'], ['two\nlines']])).toBe('a\r\n"x,y"\r\n"say ""hi"""\r\n"two\nlines"')
})
