import { scope } from '@baton/contract'
import { expect, test } from 'vitest'
import { everything, scopeFrom, valuesOf } from './scope-values.ts'

test('nothing chosen is no limit', () => {
  expect(scopeFrom(everything)).toEqual({})
  expect(scopeFrom({ ...everything, partner: '  ' })).toEqual({})
})

test('what is chosen and shown again is the same scope; what the form does not show stays', () => {
  const former = scope.parse({
    phases: ['loyalty'],
    partner: 'Agency',
    permissions: ['people:read'],
    units: ['Toys for schools'],
  })
  expect(scopeFrom(valuesOf(former), former)).toEqual(former)
  expect(scopeFrom(everything, former)).toEqual({ units: ['Toys for schools'] })
})
