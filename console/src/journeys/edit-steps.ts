import type { JourneyStepKind } from '@baton/contract'
import type { EditableDraft } from './editable-draft.ts'
import type { EditableStep } from './editable-step.ts'
import { stepViewOf, viewOf } from './steps/list.ts'

/** A way out of a step by the field that names its successor, or the way into the journey. */
export interface Way {
  readonly from: string | null
  readonly port: string
}
export const wayIn: Way = { from: null, port: 'start' }

export interface Port {
  readonly port: string
  readonly next: string | null
  /** What the way is called where the person who made the journey named it; else the port names it. */
  readonly label: string | null
}

export const portsOf = (step: EditableStep): readonly Port[] => viewOf(step.kind).ports(step)

export const stepOf = (draft: EditableDraft, id: string | null): EditableStep | undefined =>
  draft.steps.find((step) => step.id === id)

const withPort = (step: EditableStep, port: string, next: string | null): EditableStep =>
  viewOf(step.kind).withPort(step, port, next)

export const replaceStep = (draft: EditableDraft, step: EditableStep): EditableDraft => ({
  ...draft,
  steps: draft.steps.map((each) => (each.id === step.id ? step : each)),
})

/** Leads a way to a step, or (null) to the end. */
export const connect = (draft: EditableDraft, way: Way, next: string | null): EditableDraft => {
  if (way.from === null) return { ...draft, start: next }
  const step = stepOf(draft, way.from)
  return step === undefined ? draft : replaceStep(draft, withPort(step, way.port, next))
}

export const targetOf = (draft: EditableDraft, way: Way): string | null => {
  if (way.from === null) return draft.start
  const step = stepOf(draft, way.from)
  return step === undefined ? null : (portsOf(step).find(({ port }) => port === way.port)?.next ?? null)
}

const freeId = (draft: EditableDraft, kind: string): string => {
  const taken = new Set(draft.steps.map(({ id }) => id))
  let number = draft.steps.length + 1
  while (taken.has(`${kind}-${number}`)) number += 1
  return `${kind}-${number}`
}

const place = (draft: EditableDraft, way: Way, step: EditableStep): EditableDraft => {
  const after = targetOf(draft, way)
  const main = viewOf(step.kind).mainPort
  const placed = main === null ? step : withPort(step, main, after)
  return connect({ ...draft, steps: [...draft.steps, placed] }, way, step.id)
}

export interface Inserted {
  readonly draft: EditableDraft
  readonly stepId: string
}

/** Puts a new step into a way; what came there before comes after it. */
export const insertStep = (draft: EditableDraft, way: Way, kind: JourneyStepKind): Inserted => {
  const stepId = freeId(draft, kind)
  const entryKey = draft.entry.kind === 'event' ? draft.entry.keyPath : undefined
  return { draft: place(draft, way, stepViewOf(kind).empty(stepId, entryKey)), stepId }
}

/** A copy right after the step; its other ways end, so that nothing runs twice by accident. */
export const duplicateStep = (draft: EditableDraft, id: string): Inserted | null => {
  const step = stepOf(draft, id)
  const main = step && viewOf(step.kind).mainPort
  if (step === undefined || main === null || main === undefined) return null
  const stepId = freeId(draft, step.kind)
  const blank = portsOf(step).reduce((copy, { port }) => withPort(copy, port, null), { ...step, id: stepId })
  return { draft: place(draft, { from: id, port: main }, blank), stepId }
}

/** Takes a step out; what led to it leads to what came after it. */
export const deleteStep = (draft: EditableDraft, id: string): EditableDraft => {
  const step = stepOf(draft, id)
  if (step === undefined) return draft
  const main = viewOf(step.kind).mainPort
  const ways = portsOf(step)
  const after = ways.find(({ port }) => port === main)?.next ?? ways.find(({ next }) => next !== null)?.next ?? null
  const heir = after === id ? null : after
  const relinked = draft.steps
    .filter((each) => each.id !== id)
    .map((each) =>
      portsOf(each).reduce((left, { port, next }) => (next === id ? withPort(left, port, heir) : left), each),
    )
  return { ...draft, start: draft.start === id ? heir : draft.start, steps: relinked }
}
