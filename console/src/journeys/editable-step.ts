import { comparison, type JourneyDraft, type JourneyStep, type JourneyStepKind } from '@baton/contract'
import { z } from 'zod'

type DraftStep = JourneyDraft['steps'][number]

/** A step of a draft that this console can't read: of a kind it does not know, or wrong in its shape. It is kept as it is. */
export interface UnreadStep {
  readonly id: string
  readonly kind: 'unread'
  readonly title?: string | undefined
  readonly raw: DraftStep
}

/** A step as the editor works on it: of the definition's shape, with '' and null where something is not said yet. */
export type EditableStep = JourneyStep | UnreadStep
export type EditableStepKind = JourneyStepKind | 'unread'

/** Reads a step of a draft; null where something that it says can't be read. What it does not say is a default. */
export const readBy =
  <Step>(schema: z.ZodType<Step>) =>
  (raw: DraftStep): Step | null =>
    schema.safeParse(raw).data ?? null

const dayMs = 24 * 3_600_000
const scalar = z.union([z.string(), z.number(), z.boolean()])

/** What a draft may say where a definition is stricter: text may be empty, a filter half written. */
export const next = z.string().nullable().default(null)
export const text = z.string().default('')
export const keyPath = z.string().optional()
export const filters = z
  .array(
    z.looseObject({ path: z.string(), is: comparison, value: scalar.optional(), values: z.array(scalar).optional() }),
  )
  .default([])
export const duration = (usualMs = dayMs) => z.number().default(usualMs)

/** Of a step of any kind. */
export const stepCommon = { id: z.string(), title: z.string().optional() }

export const emptyToNone = (typed: string | undefined): string | undefined => (typed === '' ? undefined : typed)
