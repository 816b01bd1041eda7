import type { JourneyStep, JourneyStepKind } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Texts } from '../../texts/use-texts.ts'
import type { Port } from '../edit-steps.ts'

type StepOf<Kind extends JourneyStepKind> = Extract<JourneyStep, { kind: Kind }>

export interface FieldsProps<Step> {
  readonly step: Step
  /** `field` names what was changed, for undo. */
  readonly onChange: (step: JourneyStep, field: string) => void
}
export type StepFieldsProps<Kind extends JourneyStepKind> = FieldsProps<StepOf<Kind>>

/** What a summary can look up. */
export interface SummaryWords {
  readonly t: Texts
  readonly duration: (ms: number) => string
  readonly templateName: (templateId: string) => string | undefined
}

/**
 * How the console shows and edits one kind of step: a file of its own and a line of `list.ts`. Its words are texts:
 * `journeys.kinds`, `journeys.kindLeads`, `journeys.ports` and what its summary and form say.
 */
export interface StepView<Kind extends JourneyStepKind, Step = StepOf<Kind>> {
  readonly kind: Kind
  readonly icon: Icon
  /** As it stands when it is put into a journey: what must be said is empty, the rest is the usual case. */
  empty(id: string, entryKey: string | undefined): Step
  /** Its ways out. */
  ports(step: Step): readonly Port[]
  /** The way that goes on with the journey; null where it ends. */
  readonly mainPort: string | null
  withPort(step: Step, port: string, next: string | null): Step
  /** One line of what it does. */
  summary(step: Step, words: SummaryWords): string
  /** Its form, below the title that every step has. */
  Fields(props: FieldsProps<Step>): ReactNode
}
