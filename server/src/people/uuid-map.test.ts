import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTextToUuidMap, createUuidToUuidMap } from './uuid-map.ts'

const uuid = fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] })

describe.each([
  { name: 'from texts', create: () => createTextToUuidMap('secret'), key: fc.string({ unit: 'binary' }) },
  { name: 'from UUIDs', create: createUuidToUuidMap, key: uuid },
])('a map to UUIDs $name', ({ create, key }) => {
  test('answers as a Map does, whatever is put in, and again', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, uuid)), fc.array(key), (entries, others) => {
        const map = create()
        const reference = new Map<string, string>()
        for (const [each, value] of entries) {
          map.set(each, value)
          reference.set(each, value)
        }
        for (const each of [...reference.keys(), ...others]) expect(map.get(each)).toBe(reference.get(each))
      }),
    )
  })
})

test.each([
  { name: 'digests', create: () => createTextToUuidMap('secret'), keyOf: (n: number) => `anonymousId ${n}` },
  // Ids minted in one millisecond differ at their end only, those that a test makes perhaps anywhere.
  { name: 'ends', create: createUuidToUuidMap, keyOf: (n: number) => `018f4e6a-0000-7000-8000-${hex(n, 12)}` },
  {
    name: 'beginnings',
    create: createUuidToUuidMap,
    keyOf: (n: number) => `${hex(n + 1, 8)}-0000-7000-8000-000000000000`,
  },
])('a hundred thousand keys that differ in their $name all keep their own', ({ create, keyOf }) => {
  const map = create()
  const values = Array.from({ length: 100_000 }, () => randomUUID())
  for (const [n, value] of values.entries()) map.set(keyOf(n), value)
  expect(map.bytes).toBeLessThan(values.length * 100)
  expect(values.filter((value, n) => map.get(keyOf(n)) !== value)).toEqual([])
  expect(map.get(keyOf(values.length))).toBeUndefined()
})

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')
