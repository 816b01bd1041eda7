import type { JourneyStepKind } from '@baton/contract'
import { branch } from './branch.tsx'
import { delay } from './delay.tsx'
import { exit } from './exit.tsx'
import { message } from './message.tsx'
import type { StepView } from './step-view.ts'
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

export const viewOf = (kind: JourneyStepKind): StepView<JourneyStepKind> => stepViews[kind]
