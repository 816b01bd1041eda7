import type { JourneyDraft, JourneyStepKind } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Texts } from '../../texts/use-texts.ts'
import type { Port } from '../edit-steps.ts'
import type { EditableStep, EditableStepKind } from '../editable-step.ts'

type StepOf<Kind extends EditableStepKind> = Extract<EditableStep, { kind: Kind }>

export interface FieldsProps<Step> {
  readonly step: Step
  /** `field` names what was changed, for undo. */
  readonly onChange: (step: EditableStep, field: string) => void
}
export type StepFieldsProps<Kind extends EditableStepKind> = FieldsProps<StepOf<Kind>>

/** What a summary can look up. */
export interface SummaryWords {
  readonly t: Texts
  readonly duration: (ms: number) => string
  readonly templateName: (templateId: string) => string | undefined
}

/** How a step is shown and edited. */
export interface ShownStep<Kind extends EditableStepKind, Step = StepOf<Kind>> {
  readonly kind: Kind
  readonly icon: Icon
  /** Its box counts messages. */
  readonly plansMessages?: true
  /** Its ways out. */
  ports(step: Step): readonly Port[]
  /** The way that goes on with the journey; null where it ends. */
  readonly mainPort: string | null
  withPort(step: Step, port: string, next: string | null): Step
  /** One line of what it does. */
  summary(step: Step, words: SummaryWords): string
  /** What it does is not said yet. */
  isWanting?(step: Step): boolean
  /** The event it waits for. */
  listensFor?(step: Step): string
  /** Its form, below the title that every step has. */
  Fields(props: FieldsProps<Step>): ReactNode
}

/**
 * How the console shows and edits one kind of step: a file of its own and a line of `list.ts`. Its words are texts:
 * `journeys.kinds`, `journeys.kindLeads`, `journeys.ports` and what its summary and form say.
 */
export interface StepView<Kind extends JourneyStepKind, Step = StepOf<Kind>> extends ShownStep<Kind, Step> {
  /** As it stands when it is put into a journey: what must be said is empty, the rest is the usual case. */
  empty(id: string, entryKey: string | undefined): Step
  /** A draft's step as the editor works on it; null where something it says can't be read: then it is kept as it is. */
  read(raw: JourneyDraft['steps'][number]): Step | null
  /** For the draft, where it is not written as the editor has it. */
  write?(step: Step): JourneyDraft['steps'][number]
}
