import { z } from 'zod'
import { id, instant, jsonObject, page, pageQuery, uuid } from './common.ts'
import { expectedUpdatedAt, versionChange } from './history.ts'
import { journeyDefinition } from './journey.ts'

/**
 * Journeys over HTTP. A journey has a draft, which may be unfinished, and published versions, which never change.
 * People inside finish on the version they entered.
 */
export const journeyStatus = z.enum(['draft', 'live', 'paused', 'stopped'])
export type JourneyStatus = z.infer<typeof journeyStatus>

/** A definition being worked on: any part may be missing or wrong; publishing says what. */
export const journeyDraft = z.looseObject({
  entry: z.looseObject({ kind: z.string() }).optional(),
  start: z.string().nullable().optional(),
  steps: z
    .array(z.looseObject({ id: z.string().min(1).max(60), kind: z.string().min(1).max(60) }))
    .max(200)
    .default([]),
})
export type JourneyDraft = z.infer<typeof journeyDraft>

export const journeySummary = z.object({
  journeyId: uuid,
  name: z.string(),
  status: journeyStatus,
  phase: z.string().nullable(),
  /** The version new people enter; null before the first publish. */
  version: z.int().nullable(),
  /** The draft differs from the published version. */
  changed: z.boolean(),
  entered: z.int(),
  active: z.int(),
  finished: z.int(),
  exited: z.int(),
  createdAt: instant,
  updatedAt: instant,
  publishedAt: instant.nullable(),
})
export type JourneySummary = z.infer<typeof journeySummary>

export const journey = journeySummary.extend({
  draft: journeyDraft,
  published: z
    .object({ version: z.int(), definition: journeyDefinition, publishedAt: instant, publishedBy: z.string() })
    .nullable(),
  /** Newest first; `active` people are still on their way by it. */
  versions: z.array(z.object({ version: z.int(), publishedAt: instant, publishedBy: z.string(), active: z.int() })),
})
export type Journey = z.infer<typeof journey>

export const journeyList = page(journeySummary)
export const journeyListQuery = pageQuery.extend({
  status: journeyStatus.optional(),
  search: z.string().max(200).optional(),
})
export const createJourneyBody = z.object({
  name: z.string().min(1).max(120),
  /** Start from a draft … */
  draft: journeyDraft.optional(),
  /** … or from one of the gallery by its key. */
  template: z.string().max(60).optional(),
})
export const saveJourneyBody = z.object({
  name: z.string().min(1).max(120).optional(),
  draft: journeyDraft.optional(),
  expectedUpdatedAt,
})
export const publishJourneyBody = z.object({ expectedUpdatedAt }).nullish()
export const journeyParams = z.object({ id: uuid })

/** The closed list of what can be wrong with a draft; `docs` and the console's texts go by it. */
export const journeyProblemCode = z.enum([
  'invalid',
  'no-steps',
  'duplicate-step',
  'missing-start',
  'missing-next',
  'unreachable-step',
  'cycle-without-wait',
  'missing-template',
  'missing-segment',
  'key-without-entry-key',
  'invalid-rule',
  'no-phase-owner',
])
export const journeyProblem = z.object({
  code: journeyProblemCode,
  /** The step to jump to; null when it is about the whole journey. */
  stepId: z.string().nullable(),
  /** Field of that step (or of the journey), dotted; null when it is about the whole. */
  field: z.string().nullable(),
  message: z.string(),
  remedy: z.string(),
})
export type JourneyProblem = z.infer<typeof journeyProblem>

/** What publishing the draft means for people who are inside now. */
export const journeyImpact = z.object({
  /** All who are on their way by an earlier version. */
  inside: z.int(),
  /** Those who wait at steps which the draft changes or no longer has. */
  steps: z.array(
    z.object({
      version: z.int(),
      stepId: z.string(),
      title: z.string(),
      change: z.enum(['changed', 'removed']),
      waiting: z.int(),
      /** What happens to them, in a sentence. */
      outcome: z.string(),
    }),
  ),
})
export type JourneyImpact = z.infer<typeof journeyImpact>

export const journeyValidation = z.object({ problems: z.array(journeyProblem), impact: journeyImpact })
/** A draft with problems is refused with `invalid-input`, whose details are `{ problems }`. */
export const journeyPublished = z.object({ journey, impact: journeyImpact })

/** What publishing the draft would change, in words; null before the first publish. */
export const journeyDraftChanges = z.object({ changes: z.array(versionChange).nullable() })

export const stepCounts = z.object({
  stepId: z.string(),
  kind: z.string(),
  entered: z.int(),
  waiting: z.int(),
  left: z.int(),
  /** For message steps; 0 elsewhere. */
  sent: z.int(),
  delivered: z.int(),
  opened: z.int(),
  clicked: z.int(),
  /** A rule forbade it, it came too late, or its run ended before. */
  dropped: z.int(),
  /** Messages after which she did the journey's goal in time; null: the journey has no goal. */
  converted: z.int().nullable(),
})
export type StepCounts = z.infer<typeof stepCounts>
export const journeyCounts = z.object({
  journeyId: uuid,
  entered: z.int(),
  active: z.int(),
  finished: z.int(),
  exited: z.array(z.object({ reason: z.string(), people: z.int() })),
  /** entered = active + finished + exited. */
  balanced: z.boolean(),
  steps: z.array(stepCounts),
})
export type JourneyCounts = z.infer<typeof journeyCounts>
/** Counts of one version, or (none given) of all versions together. */
export const journeyCountsQuery = z.object({ version: z.coerce.number().int().min(1).optional() })

export const runState = z.enum(['active', 'finished', 'exited'])
export type RunState = z.infer<typeof runState>
export const runSummary = z.object({
  runId: uuid,
  journeyId: uuid,
  journeyName: z.string(),
  version: z.int(),
  personId: uuid,
  entryKey: z.string().nullable(),
  state: runState,
  /** Why it ended: `finished`, or the reason she left. */
  reason: z.string().nullable(),
  enteredAt: instant,
  endedAt: instant.nullable(),
  /** Where she is now; null after the end. */
  stepId: z.string().nullable(),
  /** When the current step ends if nothing arrives; null when it waits for no instant. */
  dueAt: instant.nullable(),
  /** Awaited events that came after their wait had timed out. */
  arrivedLate: z.int(),
})
export type RunSummary = z.infer<typeof runSummary>
export const runList = page(runSummary)
/** What can have happened at a step: the counts of its box. */
export const stepMeasure = z.enum(['entered', 'left', 'sent', 'delivered', 'opened', 'clicked', 'dropped', 'converted'])
export type StepMeasure = z.infer<typeof stepMeasure>
export const runListQuery = pageQuery.extend({
  step: z.string().max(60).optional(),
  /** Those to whom this happened at `step`; none: those who are there now. */
  measure: stepMeasure.optional(),
  state: runState.optional(),
  version: z.coerce.number().int().min(1).optional(),
  personId: uuid.optional(),
})

export const runTraceItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    at: instant,
    stepNo: z.int(),
    stepId: z.string(),
    stepKind: z.string(),
    title: z.string(),
    leftAt: instant.nullable(),
    /** `waited`, `arrived`, `timed-out`, `planned`, the branch's label, …; null while she is there. */
    outcome: z.string().nullable(),
    /** The event that ended the step, if one did. */
    messageId: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('arrived-late'),
    at: instant,
    stepId: z.string(),
    event: z.string(),
    messageId: z.string(),
    /** In a sentence: by how much it missed what. */
    sentence: z.string(),
  }),
])
export type RunTraceItem = z.infer<typeof runTraceItem>
export const journeyRun = runSummary.extend({
  entryEvent: jsonObject,
  entryMessageId: id.nullable(),
  trace: z.array(runTraceItem),
})
export type JourneyRun = z.infer<typeof journeyRun>
export const runParams = z.object({ id: uuid })

/** A journey to start from. Its message steps have no template yet: that is what is left to choose. */
export const journeyTemplate = z.object({
  key: z.string(),
  title: z.string(),
  description: z.string(),
  /** Events it listens to: does this workspace send them? */
  events: z.array(z.string()),
  draft: journeyDraft,
})
export type JourneyTemplate = z.infer<typeof journeyTemplate>
export const journeyTemplateList = z.object({ items: z.array(journeyTemplate) })

/** The kinds of steps for the canvas's palette, and the form of each. */
export const journeyStepKindInfo = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  fields: z.array(
    z.object({
      path: z.string(),
      title: z.string(),
      input: z.enum(['duration', 'event', 'filters', 'property', 'step', 'branches', 'template', 'topic', 'text']),
      required: z.boolean(),
    }),
  ),
})
export const journeyStepKindList = z.object({ items: z.array(journeyStepKindInfo) })
