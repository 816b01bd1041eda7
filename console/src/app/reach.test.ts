import { describe, expect, test } from 'vitest'
import { answersFor } from './reach.ts'

describe('what somebody answers for, as the server decides it', () => {
  test.each([
    ['all of it without a scope', {}, { phase: null, partner: null }, true],
    ['her phase', { phases: ['loyalty'] }, { phase: 'loyalty', partner: null }, true],
    ['no other phase', { phases: ['loyalty'] }, { phase: 'contact' }, false],
    ['not what belongs to no phase', { phases: ['loyalty'] }, { phase: null }, false],
    ['her partner', { partner: 'Agency' }, { phase: 'contact', partner: 'Agency' }, true],
    ['nothing of the house', { partner: 'Agency' }, { phase: 'contact' }, false],
    ['both, where both are named', { phases: ['loyalty'], partner: 'Agency' }, { phase: 'loyalty' }, false],
  ])('%s', (_what, scope, belonging, answers) => {
    expect(answersFor({ scope }, belonging)).toBe(answers)
  })
})
