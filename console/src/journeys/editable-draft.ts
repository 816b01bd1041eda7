import {
  type JourneyDefinition,
  type JourneyDraft,
  type JourneyEntry,
  type JourneyStep,
  journeyDefinition,
  propertyFilter,
  rule,
} from '@baton/contract'
import { z } from 'zod'

/**
 * A draft as the editor works on it: of the definition's shape, with '' and null where something is not said yet. What
 * the server holds may be less (a draft can be anything), so reading it never fails.
 */
export interface EditableDraft {
  readonly entry: JourneyEntry
  readonly start: string | null
  readonly steps: readonly JourneyStep[]
  readonly phase: JourneyDefinition['phase'] | ''
  readonly purpose: JourneyDefinition['purpose']
  readonly messageDeadlineMs: number
  readonly exitOnReply: boolean
  readonly goal: JourneyDefinition['goal']
}

const hourMs = 3_600_000
const next = z.string().nullable().catch(null)
const text = z.string().catch('')
const filters = z.array(propertyFilter).catch([])
const keyPath = z.string().optional().catch(undefined)
const common = { id: z.string(), title: z.string().optional().catch(undefined) }

const step = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('delay'),
    forMs: z
      .int()
      .min(0)
      .catch(24 * hourMs),
    next,
  }),
  z.object({
    ...common,
    kind: z.literal('wait-for-event'),
    event: text,
    keyPath,
    where: filters,
    timeoutMs: z.int().positive().catch(hourMs),
    onEvent: next,
    onTimeout: next,
  }),
  z.object({
    ...common,
    kind: z.literal('branch'),
    branches: z
      .array(z.object({ label: text, entry: filters, when: rule.optional().catch(undefined), next }))
      .min(1)
      .catch([{ label: '', entry: [], next: null }]),
    otherwise: next,
  }),
  z.object({
    ...common,
    kind: z.literal('message'),
    templateId: text,
    channel: z.literal('email').catch('email'),
    topic: text,
    next,
  }),
  z.object({ ...common, kind: z.literal('exit'), reason: z.string().catch('finished') }),
])

const reentry = z.enum(['never', 'after-exit']).catch('after-exit')
const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), event: text, where: filters, keyPath, reentry }),
  z.object({ kind: z.literal('segment'), segmentId: text, on: z.enum(['enter', 'leave']).catch('enter'), reentry }),
])

const shape = journeyDefinition.shape
const draft = z.object({
  entry: entry.catch({ kind: 'event', event: '', where: [], reentry: 'after-exit' }),
  start: next,
  phase: z.union([shape.phase, z.literal('')]).catch(''),
  purpose: shape.purpose.unwrap().catch('inform'),
  messageDeadlineMs: z
    .int()
    .positive()
    .catch(24 * hourMs),
  exitOnReply: z.boolean().catch(true),
  goal: z
    .object({
      event: text,
      where: filters,
      keyPath,
      withinMs: z
        .int()
        .positive()
        .catch(7 * 24 * hourMs),
    })
    .optional()
    .catch(undefined),
})

export const readDraft = (raw: JourneyDraft): EditableDraft => {
  const parsed = draft.parse(raw)
  const steps = raw.steps.flatMap((each) => step.safeParse(each).data ?? [])
  return { ...parsed, steps, goal: parsed.goal }
}

/** What is not said is left out, so that the server names it as missing instead of wrong. */
export const writeDraft = (edited: EditableDraft): JourneyDraft => {
  const { phase, goal, ...rest } = edited
  return {
    ...rest,
    ...(phase === '' ? {} : { phase }),
    ...(goal === undefined ? {} : { goal: { ...goal, keyPath: emptyToNone(goal.keyPath) } }),
    entry: writeEntry(edited.entry),
    steps: edited.steps.map(writeStep),
  }
}

const emptyToNone = (typed: string | undefined): string | undefined => (typed === '' ? undefined : typed)

const writeEntry = (one: JourneyEntry): NonNullable<JourneyDraft['entry']> =>
  one.kind === 'event' ? { ...one, keyPath: emptyToNone(one.keyPath) } : { ...one }

const writeStep = (one: JourneyStep): JourneyDraft['steps'][number] => {
  const titled = { ...one, title: emptyToNone(one.title) }
  if (titled.kind === 'message') return { ...titled, templateId: emptyToNone(titled.templateId) }
  if (titled.kind === 'wait-for-event') return { ...titled, keyPath: emptyToNone(titled.keyPath) }
  return titled
}
