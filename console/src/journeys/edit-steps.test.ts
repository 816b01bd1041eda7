import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connect, deleteStep, duplicateStep, insertStep, portsOf, stepOf, targetOf, wayIn } from './edit-steps.ts'
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
  const kinds = fc.constantFrom('delay', 'wait-for-event', 'branch', 'message', 'exit')
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

test('a draft that is half written or wrong is read as far as it goes', () => {
  const read = readDraft({
    entry: { kind: 'nothing-we-know' },
    steps: [
      { id: 'a', kind: 'message', next: 7 },
      { id: 'b', kind: 'from-the-future' },
    ],
  })
  expect(read.entry).toMatchObject({ kind: 'event', event: '' })
  expect(read.steps).toEqual([{ id: 'a', kind: 'message', templateId: '', channel: 'email', topic: '', next: null }])
  expect(writeDraft(read).steps[0]).not.toHaveProperty('templateId', '')
})
