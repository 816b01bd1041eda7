import { expect, test } from 'vitest'
import { connect, insertStep, wayIn } from './edit-steps.ts'
import { readDraft } from './editable-draft.ts'
import { entryId, layoutJourney } from './layout-journey.ts'

test('the ways of a step lie below it, the first one left of the second', () => {
  const wait = insertStep(readDraft({ steps: [] }), wayIn, 'wait-for-event')
  const thanks = insertStep(wait.draft, { from: wait.stepId, port: 'onEvent' }, 'message')
  const remind = insertStep(thanks.draft, { from: wait.stepId, port: 'onTimeout' }, 'message')
  const at = new Map(layoutJourney(remind.draft).boxes.map((box) => [box.id, box]))
  const of = (id: string) => at.get(id) ?? { x: Number.NaN, y: Number.NaN }
  expect(of(entryId).y).toBeLessThan(of(wait.stepId).y)
  expect(of(wait.stepId).y).toBeLessThan(of(thanks.stepId).y)
  expect(of(thanks.stepId).x).toBeLessThan(of(remind.stepId).x)
})

test('every way has an edge, also one that ends or goes back', () => {
  const first = insertStep(readDraft({ steps: [] }), wayIn, 'delay')
  const looped = connect(first.draft, { from: first.stepId, port: 'next' }, first.stepId)
  const { edges, boxes } = layoutJourney(looped)
  expect(edges.map(({ source, target }) => [source, target])).toEqual([
    [entryId, first.stepId],
    [first.stepId, first.stepId],
  ])
  expect(boxes.filter(({ kind }) => kind === 'end')).toHaveLength(0)
  expect(layoutJourney(readDraft({ steps: [] })).boxes.map(({ kind }) => kind)).toEqual(['entry', 'end'])
})
