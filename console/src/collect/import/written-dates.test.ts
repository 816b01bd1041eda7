import { expect, test } from 'vitest'
import { findDateFormat, readsAs } from './written-dates.ts'

test.each([
  ['iso', ['2010-12-01 08:26', '2011-01-31T10:00:00Z']],
  ['yyyymmdd', ['19970101', '19971231']],
  ['day-month-year', ['3.4.2026', '25.4.2026']],
  ['month-day-year', ['3/4/26', '4/25/26']],
  ['unix', ['1767225600', '1767312000']],
] as const)('finds dates written as %s', (format, texts) => {
  expect(findDateFormat(texts)).toEqual({ kind: 'found', format })
})

test('dates that can be read both ways are asked, not guessed', () => {
  expect(findDateFormat(['3/4/2026', '5/6/2026'])).toEqual({ kind: 'ambiguous', example: '3/4/2026' })
})

test('what is no date is shown', () => {
  expect(findDateFormat(['tomorrow'])).toEqual({ kind: 'unknown', example: 'tomorrow' })
  expect(findDateFormat([])).toEqual({ kind: 'unknown', example: '' })
})

test('a day that the calendar does not have is no date', () => {
  expect(readsAs('2026-02-31', 'iso')).toBe(false)
  expect(readsAs('99991301', 'yyyymmdd')).toBe(false)
})
