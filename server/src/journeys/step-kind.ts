import type { JourneyStep, JourneyStepKind, PropertyFilter, Rule } from '@baton/contract'
import type { z } from 'zod'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import type { ArrivedEvent, PlannedMessage, Run } from './run.ts'

/** What a step makes of an arrival, a due instant, an event or an answer. */
export type Outcome =
  | { readonly kind: 'go'; readonly to: string | null; readonly outcome: string; readonly message?: PlannedMessage }
  | { readonly kind: 'wait'; readonly until: Instant }
  | { readonly kind: 'ask'; readonly ruleKeys: readonly string[] }
  | { readonly kind: 'exit'; readonly reason: string }

/** An event that is listened for: its name, filters, and the property that must equal the run's entry key. */
export interface EventPattern {
  readonly event: string
  readonly where: readonly PropertyFilter[]
  readonly keyPath?: string | undefined
}

/** What a step may know when it acts. */
export interface StepScene {
  readonly run: Run
  readonly stepNo: number
  /** The instant it acts at. */
  readonly at: Instant
  readonly messageDeadlineMs: Milliseconds
  /** Key by which the workspace's rules know this step's n-th rule. */
  ruleKey(index: number): string
  /** Does an event pass all the filters? */
  passes(event: ArrivedEvent, filters: readonly PropertyFilter[]): boolean
}

/** One way out of a step: the field that names the next one. */
export interface WayOut {
  readonly field: string
  readonly label: string
  readonly next: string | null
}

/** Filters of a step, by the field in which they stand, dotted, and the event they are about. */
export interface StepFilters {
  readonly field: string
  readonly event: string
  readonly where: readonly PropertyFilter[]
}

/** A rule of a step: its number, by which it is asked, and the field in which it stands, dotted. */
export interface StepRule {
  readonly index: number
  readonly field: string
  readonly rule: Rule
}

/** A field of the step's form on the canvas. */
export interface StepField {
  readonly path: string
  readonly title: string
  readonly input: 'duration' | 'event' | 'filters' | 'property' | 'step' | 'branches' | 'template' | 'topic' | 'text'
  readonly required: boolean
}

/**
 * A kind of step, as a declaration. To add one: a schema in the contract, a file in `steps/`, a line in its list.
 * All functions are pure. Whatever it reads (filters, rules, templates) it declares: publishing checks no other.
 */
export interface StepDeclaration<Step extends JourneyStep> {
  readonly kind: Step['kind']
  readonly title: string
  readonly description: string
  readonly schema: z.ZodType<Step>
  readonly fields: readonly StepField[]
  waysOut(step: Step): readonly WayOut[]
  /** The least time a run stays when nothing arrives; a cycle must stay somewhere. */
  staysMs(step: Step): Milliseconds
  /** The event it waits for. */
  listensFor?(step: Step): EventPattern
  /** All filters that it lets events pass by, those of the event it waits for among them. */
  filters(step: Step): readonly StepFilters[]
  /** Rules about the person that it reads; they become hidden segments. */
  rules?(step: Step): readonly StepRule[]
  /** Ids of templates that it sends; the field of each is called `templateId`. */
  templates?(step: Step): readonly string[]
  perform(step: Step, scene: StepScene): Outcome
  /** The instant it waited for has come. */
  onDue?(step: Step): Outcome
  /** The event it listens for has arrived. */
  onEvent?(step: Step): Outcome
  /** The rules it asked about hold, or not, for this person. */
  onAnswer?(step: Step, scene: StepScene, holds: ReadonlySet<string>): Outcome
}

/** A step of one version, its declaration applied to its settings. */
export interface BoundStep {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly waysOut: readonly WayOut[]
  readonly staysMs: Milliseconds
  readonly listensFor: EventPattern | null
  readonly filters: readonly StepFilters[]
  readonly rules: readonly StepRule[]
  readonly templates: readonly string[]
  perform(scene: StepScene): Outcome
  onDue(): Outcome
  onEvent(): Outcome
  onAnswer(scene: StepScene, holds: ReadonlySet<string>): Outcome
}

export interface StepKind<Kind extends JourneyStepKind = JourneyStepKind> {
  readonly kind: Kind
  readonly title: string
  readonly description: string
  readonly fields: readonly StepField[]
  bind(step: unknown): BoundStep
}

const nothing = (): Outcome => ({ kind: 'exit', reason: 'step-without-this-outcome' })

export const declareStep = <Step extends JourneyStep>(declaration: StepDeclaration<Step>): StepKind<Step['kind']> => ({
  kind: declaration.kind,
  title: declaration.title,
  description: declaration.description,
  fields: declaration.fields,
  bind: (raw) => {
    const step = declaration.schema.parse(raw)
    return {
      id: step.id,
      kind: declaration.kind,
      title: step.title ?? declaration.title,
      waysOut: declaration.waysOut(step),
      staysMs: declaration.staysMs(step),
      listensFor: declaration.listensFor?.(step) ?? null,
      filters: declaration.filters(step),
      rules: declaration.rules?.(step) ?? [],
      templates: declaration.templates?.(step) ?? [],
      perform: (scene) => declaration.perform(step, scene),
      onDue: () => declaration.onDue?.(step) ?? nothing(),
      onEvent: () => declaration.onEvent?.(step) ?? nothing(),
      onAnswer: (scene, holds) => declaration.onAnswer?.(step, scene, holds) ?? nothing(),
    }
  },
})
