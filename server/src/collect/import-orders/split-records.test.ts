import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SplitOptions, splitRecords } from './split-records.ts'

const comma: SplitOptions = { separator: 'comma', encoding: 'utf8', isLast: true }
const split = (text: string, options: Partial<SplitOptions> = {}) =>
  splitRecords(Buffer.from(text), { ...comma, ...options })

/** As the stage does it: pieces of so many bytes, going on where the last one ended. */
const inPieces = (text: string, size: number, options: Partial<SplitOptions> = {}) => {
  const bytes = Buffer.from(text)
  const records: { line: number; cells: readonly string[] }[] = []
  const broken: number[] = []
  let at = 0
  let lines = 0
  while (at < bytes.length) {
    const piece = bytes.subarray(at, at + size)
    const isLast = at + piece.length >= bytes.length
    const got = splitRecords(piece, { ...comma, ...options, isLast })
    records.push(...got.records.map(({ line, cells }) => ({ line: line + lines, cells })))
    broken.push(...got.broken.map(({ line }) => line + lines))
    if (isLast) break
    expect(got.bytes).toBeGreaterThan(0)
    at += got.bytes
    lines += got.lines
  }
  return { records, broken }
}

describe('rows of a file', () => {
  test('quotes, line breaks inside them, CRLF, blank lines and a last line without end', () => {
    const { records, bytes } = split('a,b\r\n"x, y","two\r\nlines"\r\n\r\n1,"say ""hi"""')
    expect(records.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, 'a', 'b'],
      [3, 'x, y', 'two\r\nlines'],
      [5, '1', 'say "hi"'],
    ])
    expect(bytes).toBe(Buffer.byteLength('a,b\r\n"x, y","two\r\nlines"\r\n\r\n1,"say ""hi"""'))
  })

  test('what is not complete is left for the next piece', () => {
    const { records, bytes, lines } = split('a,b\nc,d\nefgh,', { isLast: false })
    expect([records.length, bytes, lines]).toEqual([2, 8, 2])
  })

  test('a quote that is never closed costs its own line only', () => {
    const text = 'a,b,c\n1,"open,2\n3,4,5\n6,"7",8\n'
    expect(inPieces(text, 1000, { width: 3 })).toEqual({
      records: [
        { line: 1, cells: ['a', 'b', 'c'] },
        { line: 3, cells: ['3', '4', '5'] },
        { line: 4, cells: ['6', '7', '8'] },
      ],
      broken: [2],
    })
  })

  test('blanks as separators, as in files of old', () => {
    const { records } = split(' 00004 0001 19970101  2   29.33\n\n 00021  0002 19970101 3 63.34', {
      separator: 'whitespace',
    })
    expect(records.map(({ line, cells }) => [line, cells.length])).toEqual([
      [1, 5],
      [3, 5],
    ])
  })

  test('a line without end, as in a file of blanks that ends its lines in a way of its own, is passed over', () => {
    expect(inPieces(`${'1 '.repeat(500)}\n1 2\n`, 300, { separator: 'whitespace' })).toMatchObject({
      records: [{ cells: expect.anything() }, { cells: ['1', '2'] }],
      broken: [1, 2, 3],
    })
  })

  test('a stretch of blank lines is passed over at once', () => {
    expect(split('\n'.repeat(300), { isLast: false })).toEqual({ records: [], broken: [], bytes: 300, lines: 300 })
  })

  test('whatever a file holds, each row is read once, in order, and none stops the reading', () => {
    const piece = fc.oneof(
      fc.constantFrom('"', ',', '\n', '\r', '\r\n', ' ', '\0', '\ud83d\ude00', '""', 'a'),
      fc.string({ maxLength: 5, unit: 'binary' }),
    )
    const options = fc.record({
      separator: fc.constantFrom('comma' as const, 'whitespace' as const),
      encoding: fc.constantFrom('utf8' as const, 'latin1' as const),
      width: fc.constantFrom(1, 2, 3),
    })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.integer({ min: 1, max: 60 }), options, (text, size, how) => {
        const { records, broken } = inPieces(text.join(''), size, how)
        const lines = records.map(({ line }) => line)
        expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b))
        expect(broken).toEqual([...new Set(broken)].toSorted((a, b) => a - b))
      }),
    )
  })

  test('the pieces a file is cut into make no difference', () => {
    const cell = fc.oneof(
      fc.stringMatching(/^[a-z0-9 .é€]{0,12}$/),
      fc.string({ maxLength: 8 }).map((text) => `"${text.replaceAll('"', '""').replaceAll('\r', '')}"`),
    )
    const row = fc.tuple(cell, cell, cell).map((cells) => cells.join(','))
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.integer({ min: 200, max: 2000 }), (rows, size) => {
        const text = `h1,h2,h3\n${rows.join('\n')}\n`
        expect(inPieces(text, size, { width: 3 })).toEqual(inPieces(text, 1e6, { width: 3 }))
      }),
    )
  })
})
