import { messagePurpose } from '@baton/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesInWords } from '../workspaces/index.ts'
import { journeyWords } from './journey-words.ts'

test('property: no change of a journey goes unsaid', () => {
  const change = fc.record({
    purpose: fc.constantFrom(...messagePurpose.options),
    timeoutMs: fc.integer({ min: 1, max: 3 }),
    path: fc.constantFrom('price', 'total'),
    value: fc.constantFrom(1, '1', true),
    on: fc.constantFrom('enter', 'leave'),
    when: fc.constantFrom<object[]>(
      { kind: 'trait', path: 'a', is: 'exists' },
      { kind: 'not', of: { kind: 'trait', path: 'a', is: 'exists' } },
    ),
  })
  const build = ({
    purpose,
    timeoutMs,
    path,
    value,
    on,
    when,
  }: {
    purpose: string
    timeoutMs: number
    path: string
    value: unknown
    on: string
    when: object
  }) => ({
    entry: { kind: 'segment', segmentId: '00000000-0000-4000-8000-00000000000a', on, reentry: 'never' },
    purpose,
    steps: [
      { id: 'wait', kind: 'wait-for-event', timeoutMs, where: [{ path, is: 'equals', value }] },
      { id: 'who', kind: 'branch', branches: [{ label: 'x', entry: [], when }] },
    ],
  })
  fc.assert(
    fc.property(change, change, (one, other) => {
      const changes = changesInWords(build(one), build(other), journeyWords)
      expect(changes.length === 0).toBe(JSON.stringify(one) === JSON.stringify(other))
      for (const each of changes) expect(each.before).not.toBe(each.after)
    }),
  )
})
