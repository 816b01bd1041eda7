import { expect, test } from 'vitest'
import { ownerChanges } from './owner-changes.ts'

const ann = { userId: 'ann', name: 'Ann' }

test('only those are named anew whose owner changes, or was one by default', () => {
  const phases = [
    { phase: 'contact', owner: ann, named: true },
    { phase: 'consideration', owner: ann, named: true },
    { phase: 'purchase', owner: ann, named: false },
    { phase: 'loyalty', owner: null, named: false },
  ] as const
  expect(ownerChanges(phases, { consideration: 'bea' })).toEqual([
    { phase: 'consideration', userId: 'bea' },
    { phase: 'purchase', userId: 'ann' },
  ])
  expect(ownerChanges(phases.slice(0, 2), { contact: 'ann' })).toEqual([])
})
