import { findSeparator } from '@baton/contract'
import { expect, test } from 'vitest'
import { splitRows } from './split-rows.ts'

test.each([
  ['comma', 'order,date,amount\n1,2026-01-02,9.90\n'],
  ['semicolon', 'order;date;amount\n1;2026-01-02;9,90\n'],
  ['tab', 'order\tdate\tamount\n1\t2026-01-02\t9.90\n'],
  ['pipe', 'order|date|amount\n1|2026-01-02|9.90\n'],
  ['whitespace', ' 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n'],
] as const)('finds %s between the columns', (name, text) => {
  expect(findSeparator(text)).toBe(name)
})

test('a comma inside quotes separates nothing', () => {
  expect(findSeparator('name;amount\n"Abacus, red, large, wood";9,90\n')).toBe('semicolon')
})

test('quotes hold separators, line ends and doubled quotes together', () => {
  expect(splitRows('a,b\r\n"x, ""y""\nz", 2 \r\n', 'comma', true)).toEqual([
    ['a', 'b'],
    ['x, "y"\nz', '2'],
  ])
})

test('a quote in the middle of a cell, or one never closed, is a letter', () => {
  expect(splitRows('5" pipe,2\n"open,3\nx,4', 'comma', true)).toEqual([
    ['5" pipe', '2'],
    ['"open', '3'],
    ['x', '4'],
  ])
})

test('empty cells stay where they are, also the last of a row', () => {
  expect(splitRows('a,,c\n,b,\n', 'comma', true)).toEqual([
    ['a', '', 'c'],
    ['', 'b', ''],
  ])
  expect(splitRows('a\t"b"\t\n"c"\t\td', 'tab', true)).toEqual([
    ['a', 'b', ''],
    ['c', '', 'd'],
  ])
})

test('blank lines are left out', () => {
  expect(splitRows('\na,b\n\n \n1,2\n', 'comma', true)).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
  expect(splitRows('\n  a   b \n\n', 'whitespace', true)).toEqual([['a', 'b']])
})

test('where the file goes on, a row that may be cut is left out', () => {
  expect(splitRows('a,b\n1,2\n3,4', 'comma', false)).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
  expect(splitRows('a,b\n1,2\n', 'comma', false)).toHaveLength(2)
  expect(splitRows('one very long row', 'comma', false)).toHaveLength(1)
})
