import { expect, test } from 'vitest'
import { readFileStart } from './file-start.ts'

test('a byte-order mark is not a part of the first column', async () => {
  expect(await readFileStart(new Blob(['\uFEFForder,date']))).toEqual({
    kind: 'text',
    text: 'order,date',
    isWhole: true,
  })
})

test('of a long file only the beginning is read, and no character is cut in two', async () => {
  const start = await readFileStart(new Blob(['a', 'é'.repeat(100_000)]))
  expect(start).toMatchObject({ kind: 'text', isWhole: false })
  if (start.kind === 'text') expect(start.text).toMatch(/^aé{32767}$/)
})

test('a file from an older Windows program keeps its umlauts', async () => {
  const bytes = Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72])
  expect(await readFileStart(new Blob([bytes]))).toMatchObject({ text: 'Müller' })
})

test.each([
  ['empty', []],
  ['empty', [0x0a, 0x20, 0x0a]],
  ['spreadsheet', [0x50, 0x4b, 0x03, 0x04, 0x14]],
  ['spreadsheet', [0xd0, 0xcf, 0x11, 0xe0]],
  ['utf16', [0xff, 0xfe, 0x61, 0x00]],
  ['not-text', [0x61, 0x00, 0x62]],
] as const)('what cannot be orders is refused before it is sent: %s', async (reason, bytes) => {
  expect(await readFileStart(new Blob([Uint8Array.from(bytes)]))).toEqual({ kind: 'refused', reason })
})
