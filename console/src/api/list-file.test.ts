import { csvLine } from '@baton/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowCounter } from './list-file.ts'

test('rows are counted whatever stands in their cells and wherever the chunks are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(fc.string(), fc.constantFrom('a\r\nb', '"', 'x,"\n"')), { minLength: 1 })),
      fc.integer({ min: 1, max: 40 }),
      (rows, size) => {
        const bytes = new TextEncoder().encode([['head'], ...rows].map((row) => `${csvLine(row)}\r\n`).join(''))
        const count = rowCounter()
        let counted = 0
        for (let at = 0; at < bytes.length; at += size) counted = count(bytes.subarray(at, at + size))
        expect(counted).toBe(rows.length)
      },
    ),
  )
})
