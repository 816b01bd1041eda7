import type { JourneyDefinition, JourneyEntry, JourneyStep, PropertyFilter } from '@baton/contract'
import type { JourneyId, Milliseconds } from '../kernel/index.ts'
import { keyAt } from './entry-key.ts'
import type { ArrivedEvent, Run } from './run.ts'
import type { BoundStep, EventPattern } from './step-kind.ts'
import { stepKinds } from './steps/index.ts'

/** Does an event pass all filters? Connected to the rule language's in-memory evaluator. */
export type PassesFilters = (event: ArrivedEvent, filters: readonly PropertyFilter[]) => boolean

/** The event by which a reply to a message arrives; its property names the run whose message it answers. */
export const replyEvent = 'Replied'
export const replyRunProperty = 'journey_run_id'

/** One published version, made ready to run. */
export interface CompiledJourney {
  readonly journeyId: JourneyId
  readonly version: number
  readonly definition: JourneyDefinition
  readonly steps: ReadonlyMap<string, BoundStep>
  readonly goal: (EventPattern & { readonly withinMs: Milliseconds }) | null
  /** Names of all events that could start, move or end a run of this version. */
  readonly entryEvent: string | null
  readonly listenedEvents: ReadonlySet<string>
  passes: PassesFilters
  ruleKey(stepId: string, index: number): string
}

export const ruleKeyPrefix = (journeyId: JourneyId, version: number): string => `journey:${journeyId}:v${version}:`
/** The hidden segment that asks for the one people enter through, so that it stays. */
export const entryRuleKey = (journeyId: JourneyId, version: number): string =>
  `${ruleKeyPrefix(journeyId, version)}entry`

/** A step's declaration applied to its settings. */
export const bindStep = (step: JourneyStep): BoundStep => stepKinds[step.kind].bind(step)

export const compileJourney = (
  published: { journeyId: JourneyId; version: number; definition: JourneyDefinition },
  passes: PassesFilters,
): CompiledJourney => {
  const { journeyId, version, definition } = published
  const steps = new Map(definition.steps.map((step) => [step.id, bindStep(step)]))
  const waits = [...steps.values()].flatMap((step) => (step.listensFor ? [step.listensFor.event] : []))
  return {
    journeyId,
    version,
    definition,
    steps,
    goal: definition.goal ?? null,
    entryEvent: definition.entry.kind === 'event' ? definition.entry.event : null,
    listenedEvents: new Set([
      ...waits,
      ...(definition.goal ? [definition.goal.event] : []),
      ...(definition.exitOnReply ? [replyEvent] : []),
    ]),
    passes,
    ruleKey: (stepId, index) => `${ruleKeyPrefix(journeyId, version)}${stepId}:${index}`,
  }
}

/** Is this event the one that is listened for, for this run's key? */
export const matchesPattern = (
  journey: CompiledJourney,
  run: Pick<Run, 'entryKey'>,
  event: ArrivedEvent,
  pattern: EventPattern,
): boolean =>
  event.name === pattern.event &&
  (pattern.keyPath === undefined || keyAt(event.properties, pattern.keyPath) === run.entryKey) &&
  journey.passes(event, pattern.where)

/** The entry key with which this event starts a run, or null when it starts none. */
export const entryKeyFor = (journey: CompiledJourney, event: ArrivedEvent): string | null => {
  const entry: JourneyEntry = journey.definition.entry
  if (entry.kind !== 'event' || event.name !== entry.event || !journey.passes(event, entry.where)) return null
  return entry.keyPath === undefined ? '' : keyAt(event.properties, entry.keyPath)
}
