import { expect, test } from 'vitest'
import { newId, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import type { Looked } from './look-at.ts'
import type { MaskDifference } from './mask-sql.ts'
import { beginBeside, createSlicesBeside, takeBeside } from './slices-beside.ts'

const never = 9_000_000_000_000_000
const slice = { kind: 'range', after: null, upTo: null } as const
const difference = (personId: PersonId, nextChangeAt: number): MaskDifference => ({
  personId,
  present: true,
  known: true,
  words: [1],
  oldWords: [0],
  leaves: [1],
  nextChangeAt,
  oldNextChangeAt: never,
})
const nothing: Looked = { differences: [], leafConditions: [] }

test('what ticks looked at meanwhile is left to them, and whom time changed meanwhile is looked at anew', () => {
  const [touched, late, found] = [newId<PersonId>(), newId<PersonId>(), newId<PersonId>()]
  const looked = {
    differences: [difference(touched, never), difference(late, 1_500), difference(found, 2_500)],
    leafConditions: [],
  }
  const taken = takeBeside(looked, new Set([touched]), 2_000)
  expect(taken.found.differences.map(({ personId }) => personId)).toEqual([found])
  expect(taken.again).toEqual([late])
})

test('a slice is worth nothing after a tick of somebody else, or of other rules', async () => {
  const workspaceId = newId<WorkspaceId>()
  const slices = createSlicesBeside()
  const begin = () => {
    const begun = beginBeside(slice, { revision: 'r1', tick: 7, look: Promise.resolve(nothing) })
    slices.keep(workspaceId, begun)
    return begun
  }
  const begun = begin()
  expect(slices.of(workspaceId, { tick: 7, revision: 'r1' })).toBe(begun)
  slices.passed(workspaceId, { tick: 8, sliced: false })
  expect(slices.of(workspaceId, { tick: 8, revision: 'r1' })).toBe(begun)
  expect(slices.of(workspaceId, { tick: 9, revision: 'r1' })).toBeUndefined()
  begin()
  expect(slices.of(workspaceId, { tick: 7, revision: 'r2' })).toBeUndefined()
  begin()
  slices.passed(workspaceId, { tick: 8, sliced: true })
  expect(slices.of(workspaceId, { tick: 8, revision: 'r1' })).toBeUndefined()
})

test('a look that failed is said to who asks for it', async () => {
  const begun = beginBeside(slice, { revision: 'r1', tick: 7, look: Promise.reject(new Error('no memory')) })
  await begun.ended
  expect(begun.outcome).toEqual({ failure: new Error('no memory') })
})
