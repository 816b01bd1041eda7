import { expect, test } from 'vitest'
import { nextSort, sortRows } from './sort-rows.ts'

const rows = [{ n: 2 }, { n: null }, { n: 10 }, { n: 1 }]

test('what is not known comes last, whichever way the column is sorted', () => {
  expect(sortRows(rows, (row) => row.n, 'up').map((row) => row.n)).toEqual([1, 2, 10, null])
  expect(sortRows(rows, (row) => row.n, 'down').map((row) => row.n)).toEqual([10, 2, 1, null])
})

test('words are sorted as people count: step 2 before step 10', () => {
  expect(sortRows(['Step 10', 'step 2', 'Step 1'], (word) => word, 'up')).toEqual(['Step 1', 'step 2', 'Step 10'])
})

test('three clicks on a column of figures: largest first, smallest first, as it was', () => {
  const once = nextSort(null, 'value', true)
  const twice = nextSort(once, 'value', true)
  expect([once, twice, nextSort(twice, 'value', true)]).toEqual([
    { column: 'value', direction: 'down' },
    { column: 'value', direction: 'up' },
    null,
  ])
})
