import type { SimulatedRun } from '@baton/contract'
import { expect, test } from 'vitest'
import { messageOutcomes, walkedSteps, wayRowsOf } from './way-rows.ts'

const step = (stepNo: number, stepId: string, at: number) =>
  ({
    kind: 'step',
    at,
    stepNo,
    stepId,
    stepKind: 'delay',
    title: stepId,
    leftAt: at,
    outcome: 'x',
    messageId: null,
  }) as const
const decision = (at: number, outcome: 'send' | 'hold' | 'drop') =>
  ({ at, outcome, rule: 'r', reason: null, until: null, sentence: 's' }) as const
const run: SimulatedRun = {
  entryKey: 'c1',
  state: 'finished',
  reason: 'finished',
  enteredAt: 1,
  endedAt: 5,
  stepId: null,
  dueAt: null,
  path: [step(1, 'a', 1), step(2, 'b', 5), step(3, 'a', 5)],
  messages: [
    {
      stepNo: 2,
      stepId: 'b',
      channel: 'email',
      templateId: '00000000-0000-4000-8000-00000000000b',
      topic: 'cart',
      plannedAt: 5,
      decisions: [decision(5, 'hold'), decision(9, 'send')],
    },
  ],
}

test('what a step leads to comes after it, and a hold that ends after the run stands last', () => {
  expect(wayRowsOf(run).map(({ kind, at }) => `${kind} ${at}`)).toEqual([
    'step 1',
    'step 5',
    'step 5',
    'decision 5',
    'end 5',
    'decision 9',
  ])
})

test('of a message the last decision counts', () => {
  expect(messageOutcomes(run)).toEqual({ sent: 1, held: 0, dropped: 0 })
})

test('a step that comes again has each of its numbers', () => {
  expect([...walkedSteps([run])]).toEqual([
    ['a', [1, 3]],
    ['b', [2]],
  ])
})
