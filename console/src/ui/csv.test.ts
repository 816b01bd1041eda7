import { expect, test } from 'vitest'
import { datedName, toCsv } from './csv.ts'

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

test('a file is named for what it holds and the day it was made', () => {
  expect(datedName('People', 'csv', new Date(2026, 0, 5))).toBe('people-2026-01-05.csv')
  expect(datedName('Messages: who & why?', 'csv', new Date(2026, 10, 22))).toBe('messages-who-why-2026-11-22.csv')
})
