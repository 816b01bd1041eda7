import fc from 'fast-check'
import { expect, test } from 'vitest'
import { literal, type SessionWishes, stateAfter, statementsTowards } from './session-state.ts'

const base = new Map([['max_execution_time', '30']])
const wishes = (settings: Record<string, string>, parameters: Record<string, string> = {}): SessionWishes => ({
  database: 'default',
  settings: new Map(Object.entries(settings)),
  parameters: new Map(Object.entries(parameters)),
})
const fresh = { database: 'default', settings: new Map<string, string>() }

test('the same settings again need no statement', () => {
  const first = wishes({ max_threads: '2' })
  expect(statementsTowards(fresh, first, base)).toEqual(["SET max_execution_time = '30', max_threads = '2'"])
  expect(statementsTowards(stateAfter(first, base), first, base)).toEqual([])
})

test('a setting that the next query does not name goes back to the base, or to the engine', () => {
  const state = stateAfter(wishes({ max_execution_time: '1', max_threads: '2' }), base)
  expect(statementsTowards(state, wishes({}), base)).toEqual(["SET max_execution_time = '30', max_threads = DEFAULT"])
})

test('another database is entered by its quoted name', () => {
  expect(statementsTowards(fresh, { ...wishes({}), database: 'a`; DROP' }, new Map())).toEqual(['USE `a\\`; DROP`'])
})

test('no value can leave its literal', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '\\', '\n', ';', 'x', '-') }), (value) => {
      const quoted = literal(value)
      const inside = quoted.slice(1, -1)
      expect(inside.replace(/\\[\\']/g, '')).not.toMatch(/['\\]/)
      expect(inside.replace(/\\([\\'])/g, '$1')).toBe(value)
    }),
  )
})
