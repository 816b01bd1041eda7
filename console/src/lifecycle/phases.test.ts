import { expect, test } from 'vitest'
import { directionOf } from './phases.ts'

const states = [
  { state: 'reached', phase: 'contact' },
  { state: 'bought', phase: 'post-purchase' },
  { state: 'lost', phase: null },
  { state: 'won-back', phase: null },
] as const

test.each([
  [null, 'reached', 'up'],
  ['reached', 'bought', 'up'],
  ['bought', 'bought', 'level'],
  ['bought', 'lost', 'down'],
  ['lost', 'won-back', 'up'],
  ['lost', 'reached', 'up'],
] as const)('from %s to %s leads %s', (from, to, direction) => {
  expect(directionOf(states, from, to)).toBe(direction)
})
