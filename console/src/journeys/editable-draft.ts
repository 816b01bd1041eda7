import { type JourneyDefinition, type JourneyDraft, type JourneyEntry, journeyDefinition } from '@baton/contract'
import { z } from 'zod'
import { duration, type EditableStep, emptyToNone, filters, keyPath, text } from './editable-step.ts'
import { isStepKind, stepViewOf } from './steps/list.ts'

/**
 * A draft as the editor works on it: of the definition's shape, with '' and null where something is not said yet. What
 * the server holds may be less, or something else (a draft can be anything): reading it never fails, and what can't be
 * read is kept and written back.
 */
export interface EditableDraft {
  readonly entry: JourneyEntry
  readonly start: string | null
  readonly steps: readonly EditableStep[]
  readonly phase: JourneyDefinition['phase'] | ''
  readonly purpose: JourneyDefinition['purpose']
  readonly messageDeadlineMs: number
  readonly exitOnReply: boolean
  readonly goal: JourneyDefinition['goal']
  /** Fields of the journey that can't be read, each as it is; written back until it is edited. */
  readonly unread: Readonly<Record<string, unknown>>
}

const hourMs = 3_600_000
const blank: Omit<EditableDraft, 'steps' | 'unread'> = {
  entry: { kind: 'event', event: '', where: [], reentry: 'after-exit' },
  start: null,
  phase: '',
  purpose: 'inform',
  messageDeadlineMs: 24 * hourMs,
  exitOnReply: true,
  goal: undefined,
}

const reentry = z.enum(['never', 'after-exit']).default('after-exit')
const on = z.enum(['enter', 'leave']).default('enter')
const entry = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('event'), event: text, where: filters, keyPath, reentry }),
  z.looseObject({ kind: z.literal('segment'), segmentId: text, on, reentry }),
])

const { shape } = journeyDefinition
const journeyFields = z
  .looseObject({
    entry,
    start: z.string().nullable(),
    phase: z.union([shape.phase, z.literal('')]),
    purpose: shape.purpose.unwrap(),
    messageDeadlineMs: z.number(),
    exitOnReply: z.boolean(),
    goal: z.looseObject({ event: text, where: filters, keyPath, withinMs: duration(7 * 24 * hourMs) }),
  })
  .partial()

const readStep = (raw: JourneyDraft['steps'][number]): EditableStep => {
  const read = isStepKind(raw.kind) ? stepViewOf(raw.kind).read(raw) : null
  if (read !== null) return read
  const { title } = raw
  return { id: raw.id, kind: 'unread', ...(typeof title === 'string' ? { title } : {}), raw }
}

export const readDraft = ({ steps, ...raw }: JourneyDraft): EditableDraft => {
  const wrong = new Set(journeyFields.safeParse(raw).error?.issues.map(({ path }) => path[0]))
  const pick = (isWrong: boolean) =>
    Object.fromEntries(Object.entries(raw).filter(([field]) => wrong.has(field) === isWrong))
  return { ...blank, ...journeyFields.parse(pick(false)), steps: steps.map(readStep), unread: pick(true) }
}

/** What is not said is left out, so that the server names it as missing instead of wrong. */
export const writeDraft = (edited: EditableDraft): JourneyDraft => {
  const { phase, goal, unread, ...rest } = edited
  return {
    ...rest,
    ...(phase === '' ? {} : { phase }),
    ...(goal === undefined ? {} : { goal: { ...goal, keyPath: emptyToNone(goal.keyPath) } }),
    entry: writeEntry(edited.entry),
    ...Object.fromEntries(Object.entries(unread).filter(([field]) => isBlank(edited, field))),
    steps: edited.steps.map(writeStep),
  }
}

const isBlank = (edited: EditableDraft, field: string): boolean =>
  Reflect.get(edited, field) === Reflect.get(blank, field)

const writeEntry = (one: JourneyEntry): NonNullable<JourneyDraft['entry']> =>
  one.kind === 'event' ? { ...one, keyPath: emptyToNone(one.keyPath) } : { ...one }

const writeStep = (step: EditableStep): JourneyDraft['steps'][number] => {
  const title = emptyToNone(step.title)
  if (step.kind === 'unread') return step.title === undefined ? step.raw : { ...step.raw, title }
  return { ...(stepViewOf(step.kind).write?.(step) ?? step), title }
}
