import { expect, test } from 'vitest'
import { parseTombstones } from './tombstone-file.ts'

const line = JSON.stringify({
  workspaceId: '0198f1a0-0000-7000-8000-000000000001',
  erasureId: '0198f1a0-0000-7000-8000-000000000002',
  personIds: ['0198f1a0-0000-7000-8000-000000000003'],
  requestedAt: 1,
  hashes: ['00112233445566778899aabbccddeeff'],
})

test('a line that the power cut short is left out, also when others follow', () => {
  expect(parseTombstones(`\n${line.slice(0, 40)}\n${line}\n`, 'erasures.jsonl')).toHaveLength(1)
})

test('any other line that can’t be read stops whoever would go on without it', () => {
  expect(() => parseTombstones(`{"who":1}\n${line}\n`, '/data/erasures.jsonl')).toThrow(
    /Line 1 of \/data\/erasures.jsonl/,
  )
})
