import type { JourneyStepKind } from '@baton/contract'
import type { EditableStepKind } from '../editable-step.ts'
import { branch } from './branch.tsx'
import { delay } from './delay.tsx'
import { exit } from './exit.tsx'
import { message } from './message.tsx'
import type { ShownStep, StepView } from './step-view.ts'
import { unread } from './unread.tsx'
import { waitForEvent } from './wait-for-event.tsx'

type StepViews = { readonly [Kind in JourneyStepKind]: StepView<Kind> }

/** Every kind of step, in the order of the palette: add a file and a line here. */
const stepViews: StepViews = {
  message,
  delay,
  'wait-for-event': waitForEvent,
  branch,
  exit,
}

export const stepKinds: readonly JourneyStepKind[] = Object.values(stepViews).map(({ kind }) => kind)

export const isStepKind = (kind: string): kind is JourneyStepKind => Object.hasOwn(stepViews, kind)

export const stepViewOf = (kind: JourneyStepKind): StepView<JourneyStepKind> => stepViews[kind]

/** Also of a step that can't be read. */
export const viewOf = (kind: EditableStepKind): ShownStep<EditableStepKind> =>
  kind === 'unread' ? unread : stepViews[kind]
