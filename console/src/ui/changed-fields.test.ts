import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedFields } from './changed-fields.ts'

const values = fc.record({ name: fc.constantFrom('a', 'b', ''), port: fc.constantFrom(25, 587), signs: fc.boolean() })

test('what was changed over what stood before is what stands there now, and nothing more is named', () => {
  fc.assert(
    fc.property(values, values, (now, before) => {
      const changed = changedFields(now, before)
      expect({ ...before, ...changed }).toEqual(now)
      expect(Object.entries(changed).every(([field, value]) => value !== Reflect.get(before, field))).toBe(true)
    }),
  )
})

test('a form nobody typed into takes all of what is newer', () => {
  fc.assert(
    fc.property(values, values, (before, newer) => {
      expect({ ...newer, ...changedFields(before, before) }).toEqual(newer)
    }),
  )
})
