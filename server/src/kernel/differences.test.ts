import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differencesOf } from './differences.ts'

const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  title: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
  forMs: fc.integer({ min: 0, max: 3 }),
})
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, 1, 'x', '', 'one\ntwo', 'one\nthree\ntwo'),
    fc.array(step, { maxLength: 4 }),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('p', 'q', 'r'), tie('tree'), { maxKeys: 3 }),
  ),
}))
const definition = fc.record({ name: fc.constantFrom('A', 'B'), start: fc.constantFrom('a', 'b'), of: tree })

/** Without fields that are undefined: they are not there. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('property: nothing differs from itself, and nothing else is said to be the same', () => {
  fc.assert(
    fc.property(definition, definition, (one, other) => {
      expect(differencesOf(plain(one), plain(one))).toEqual([])
      expect(differencesOf(plain(one), plain(other)).length === 0).toBe(isDeepStrictEqual(plain(one), plain(other)))
    }),
    { numRuns: 2000 },
  )
})

test('property: each way round as much differs; what one side adds the other takes away', () => {
  const kinds = (one: unknown, other: unknown) => differencesOf(one, other).map(({ kind }) => kind)
  fc.assert(
    fc.property(definition, definition, (one, other) => {
      const [there, back] = [kinds(plain(one), plain(other)), kinds(plain(other), plain(one))]
      const count = (list: readonly string[], kind: string) => list.filter((each) => each === kind).length
      expect(count(there, 'moved')).toBe(count(back, 'moved'))
      expect(there.length > 0).toBe(back.length > 0)
    }),
  )
})

test('property: of texts, the lines that went and came make one out of the other', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 2, maxLength: 12 })
    .map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (one, other) => {
      const count = (side: 'before' | 'after') =>
        differencesOf(one, other).reduce((sum, each) => {
          const lines = each[side]
          return sum + (typeof lines === 'string' ? lines.split('\n').length : 0)
        }, 0)
      expect(other.split('\n').length - one.split('\n').length).toBe(count('after') - count('before'))
    }),
  )
})

test('a step that is changed, one that goes and one that comes are told by their ids', () => {
  const before = {
    start: 'a',
    steps: [
      { id: 'a', forMs: 1 },
      { id: 'b', forMs: 2 },
    ],
  }
  const after = {
    start: 'a',
    steps: [
      { id: 'c', forMs: 9 },
      { id: 'a', forMs: 5 },
    ],
  }
  expect(differencesOf(before, after)).toEqual([
    { kind: 'changed', path: ['steps', 'a', 'forMs'], key: 'forMs', before: 1, after: 5 },
    { kind: 'removed', path: ['steps', 'b'], key: 'steps', before: { id: 'b', forMs: 2 }, after: undefined },
    { kind: 'added', path: ['steps', 'c'], key: 'steps', before: undefined, after: { id: 'c', forMs: 9 } },
  ])
})

test('steps in another order are said to have moved', () => {
  expect(differencesOf([{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'a' }])).toMatchObject([{ kind: 'moved' }])
})

test('the first of three conditions taken away is one removal', () => {
  expect(differencesOf({ of: ['x', 'y', 'z'] }, { of: ['y', 'z'] })).toEqual([
    { kind: 'removed', path: ['of', '1'], key: 'of', before: 'x', after: undefined },
  ])
})

test('of a text only the lines that changed are said, with their place', () => {
  expect(differencesOf({ mjml: 'a\nb\nc\nd\ne' }, { mjml: 'a\nB\nc\nd\ne\nf' })).toEqual([
    { kind: 'changed', path: ['mjml', 'line 2'], key: 'mjml', before: 'b', after: 'B' },
    { kind: 'added', path: ['mjml', 'line 6'], key: 'mjml', before: undefined, after: 'f' },
  ])
})
