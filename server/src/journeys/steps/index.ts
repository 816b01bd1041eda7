import type { JourneyStepKind } from '@baton/contract'
import type { StepKind } from '../step-kind.ts'
import { branch } from './branch.ts'
import { delay } from './delay.ts'
import { exit } from './exit.ts'
import { message } from './message.ts'
import { waitForEvent } from './wait-for-event.ts'

type StepKinds = { readonly [Kind in JourneyStepKind]: StepKind<Kind> }

/** Every kind of step there is, in the order of the canvas's palette: add a file, its schema in the contract, and a line here. */
export const stepKinds: StepKinds = {
  message,
  delay,
  'wait-for-event': waitForEvent,
  branch,
  exit,
}
