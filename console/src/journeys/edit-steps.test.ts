import { journeyStepKinds } from '@baton/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  connect,
  deleteStep,
  duplicateStep,
  insertStep,
  portsOf,
  replaceStep,
  stepOf,
  targetOf,
  wayIn,
} from './edit-steps.ts'
import { type EditableDraft, readDraft, writeDraft } from './editable-draft.ts'

const empty: EditableDraft = readDraft({ steps: [] })

/** Start → wait for the order → message. */
const cart = () => {
  const first = insertStep(empty, wayIn, 'message')
  const second = insertStep(first.draft, wayIn, 'wait-for-event')
  return { draft: second.draft, wait: second.stepId, mail: first.stepId }
}

test('a step put before another leads on to it by the way that continues', () => {
  const { draft, wait, mail } = cart()
  expect(draft.start).toBe(wait)
  expect(targetOf(draft, { from: wait, port: 'onTimeout' })).toBe(mail)
  expect(targetOf(draft, { from: wait, port: 'onEvent' })).toBeNull()
})

test('deleting a step joins what was before it with what came after', () => {
  const { draft, wait, mail } = cart()
  expect(deleteStep(draft, wait).start).toBe(mail)
  expect(targetOf(deleteStep(draft, mail), { from: wait, port: 'onTimeout' })).toBeNull()
})

test('a copy stands right after its original and keeps its settings', () => {
  const { draft, mail } = cart()
  const copy = duplicateStep(draft, mail)
  expect(targetOf(copy?.draft ?? draft, { from: mail, port: 'next' })).toBe(copy?.stepId)
  expect(stepOf(copy?.draft ?? draft, copy?.stepId ?? null)).toMatchObject({ kind: 'message', channel: 'email' })
})

test('a step that leads to itself leaves nothing behind when it is deleted', () => {
  const { draft, wait } = cart()
  const looping = connect(
    connect(draft, { from: wait, port: 'onEvent' }, wait),
    { from: wait, port: 'onTimeout' },
    wait,
  )
  expect(deleteStep(looping, wait).start).toBeNull()
})

test('whatever is inserted, copied and deleted, every way leads to a step that exists', () => {
  const kinds = fc.constantFrom(...journeyStepKinds)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), kinds, fc.constantFrom('insert', 'copy', 'delete'))), (edits) => {
      let draft = empty
      for (const [at, kind, what] of edits) {
        const step = draft.steps[at % Math.max(1, draft.steps.length)]
        const ports = step === undefined ? [] : portsOf(step)
        const port = ports[at % Math.max(1, ports.length)]
        if (what === 'insert')
          draft = insertStep(draft, step && port ? { from: step.id, port: port.port } : wayIn, kind).draft
        else if (step && what === 'copy') draft = duplicateStep(draft, step.id)?.draft ?? draft
        else if (step) draft = deleteStep(draft, step.id)
        const ids = new Set(draft.steps.map(({ id }) => id))
        expect(ids.size).toBe(draft.steps.length)
        const targets = [draft.start, ...draft.steps.flatMap((each) => portsOf(each).map(({ next }) => next))]
        for (const target of targets) if (target !== null) expect(ids).toContain(target)
      }
      expect(readDraft(writeDraft(draft))).toEqual(draft)
    }),
  )
})

test.each(journeyStepKinds)('a new step of the kind %s comes back as it was written', (kind) => {
  const { draft } = insertStep(empty, wayIn, kind)
  expect(draft.steps).toMatchObject([{ kind }])
  expect(readDraft(writeDraft(draft))).toEqual(draft)
})

test('a draft that is half written is read as far as it goes', () => {
  const read = readDraft({ steps: [{ id: 'a', kind: 'message' }] })
  expect(read.entry).toMatchObject({ kind: 'event', event: '' })
  expect(read.steps).toEqual([{ id: 'a', kind: 'message', templateId: '', channel: 'email', topic: '', next: null }])
  expect(writeDraft(read).steps[0]).not.toHaveProperty('templateId', '')
})

const filter = { path: 'total', is: 'greater', value: 10 }
const wait = { id: 'w', kind: 'wait-for-event', event: 'Order Completed', timeoutMs: 1, onEvent: null, onTimeout: null }
const unreadable: readonly (readonly [string, { id: string; kind: string; [field: string]: unknown }])[] = [
  ['of a kind nobody here knows', { id: 'b', kind: 'from-the-future', untilMs: 5, title: 'Later', next: 'a' }],
  ['with a way that leads to a number', { id: 'b', kind: 'delay', forMs: 1, next: 7 }],
  ['with a filter in other words', { ...wait, where: [filter, { path: 'total', is: 'twice' }] }],
  [
    'with a rule in other words',
    { id: 'b', kind: 'branch', branches: [{ label: '', entry: [], when: { kind: 'horoscope' }, next: 'a' }] },
  ],
]

test.each(unreadable)('a step %s is kept as it is, however the rest is edited', (_, step) => {
  const read = readDraft({ start: step.id, steps: [step, { id: 'a', kind: 'exit', reason: 'finished' }] })
  expect(stepOf(read, step.id)).toMatchObject({ kind: 'unread', id: step.id })
  const edited = insertStep(deleteStep(read, 'a'), wayIn, 'exit').draft
  expect(writeDraft(edited).steps).toContainEqual(step)
  expect(readDraft(writeDraft(edited))).toEqual(edited)
  expect(duplicateStep(edited, step.id)).toBeNull()
})

test('a step that cannot be read can be named and deleted', () => {
  const read = readDraft({ steps: [{ id: 'b', kind: 'from-the-future', untilMs: 5 }] })
  const [step] = read.steps
  if (step === undefined) throw new Error('it was dropped')
  const named = writeDraft(replaceStep(read, { ...step, title: 'Later' }))
  expect(named.steps).toEqual([{ id: 'b', kind: 'from-the-future', untilMs: 5, title: 'Later' }])
  expect(deleteStep(read, 'b').steps).toEqual([])
})

test('a filter that is begun takes none of the others with it', () => {
  const where = [filter, { path: '', is: 'equals', value: '' }]
  const entry = { kind: 'event', event: 'Product Added', where, reentry: 'never' }
  const read = readDraft({ entry, goal: { event: 'Order Completed', where, withinMs: 5 }, steps: [{ ...wait, where }] })
  expect(writeDraft(read)).toMatchObject({ entry, goal: { where }, steps: [{ ...wait, where }] })
})

test('fields this console does not know are kept', () => {
  const written = { quietHours: 'none', entry: { kind: 'event', hour: 5 }, steps: [{ ...wait, within: 'May' }] }
  expect(writeDraft(readDraft(written))).toMatchObject(written)
})

test('what cannot be read of the journey itself is kept until it is edited', () => {
  const written = { entry: { kind: 'from-the-future', hour: 5 }, goal: { event: 7 }, purpose: 'gossip', steps: [] }
  const read = readDraft(written)
  expect(read).toMatchObject({ entry: { kind: 'event', event: '' }, purpose: 'inform' })
  expect(writeDraft({ ...read, phase: 'loyalty' })).toMatchObject({ ...written, phase: 'loyalty' })
  const entry = { ...read.entry, reentry: 'never' } as const
  expect(writeDraft({ ...read, entry, purpose: 'sell' })).toMatchObject({ entry, purpose: 'sell', goal: written.goal })
})
