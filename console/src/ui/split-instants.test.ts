import { expect, test } from 'vitest'
import { splitInstants } from './split-instants.ts'

test('instants stand apart from the words around them', () => {
  expect(splitInstants('3 times, the last at 2026-03-01T08:00:00.000Z')).toEqual([
    { text: '3 times, the last at ', at: null },
    { text: '2026-03-01T08:00:00.000Z', at: Date.UTC(2026, 2, 1, 8) },
  ])
  expect(splitInstants('2026-03-01T08:00:00Z, never since')[0]?.at).toBe(Date.UTC(2026, 2, 1, 8))
})

test('what only looks like a date stays text', () => {
  for (const text of ['never', '', 'plan was 2026-03-01', 'T08:00:00Z'])
    expect(splitInstants(text).every(({ at }) => at === null)).toBe(true)
})
