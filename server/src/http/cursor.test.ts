import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { decodeCursor, encodeCursor, pageFrom } from './cursor.ts'

test('a cursor gives back the sort key it was made of', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), (at, id) => {
      expect(decodeCursor(z.tuple([z.int(), z.string()]), encodeCursor([at, id]))).toEqual([at, id])
    }),
  )
})

test('whatever somebody makes up is refused with what to do', () => {
  const shape = z.tuple([z.int(), z.uuid()])
  for (const forged of ['x', encodeCursor(['1', '2']), encodeCursor([1]), encodeCursor([1, "' or true"]), '%00']) {
    expect(() => decodeCursor(shape, forged)).toThrow(/not made by this list/)
  }
  expect(decodeCursor(shape, undefined)).toBeNull()
})

test('walking the pages shows every row once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 9 }), (count, limit) => {
      const rows = Array.from({ length: count }, (_, at) => at)
      const seen: number[] = []
      let cursor: string | null | undefined
      do {
        const key = decodeCursor(z.tuple([z.int()]), cursor ?? undefined)
        const after = key === null ? -1 : key[0]
        const page = pageFrom(
          rows.filter((row) => row > after).slice(0, limit + 1),
          limit,
          (row) => [row],
          (row) => row,
        )
        seen.push(...page.items)
        cursor = page.next
      } while (cursor !== null)
      expect(seen).toEqual(rows)
    }),
  )
})
