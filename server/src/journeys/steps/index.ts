import type { StepKind } from '../step-kind.ts'
import { branch } from './branch.ts'
import { delay } from './delay.ts'
import { exit } from './exit.ts'
import { message } from './message.ts'
import { waitForEvent } from './wait-for-event.ts'

/** Every kind of step there is, in the order of the canvas's palette. */
export const stepKinds: readonly StepKind[] = [message, delay, waitForEvent, branch, exit]
