import { exitStep } from '@baton/contract'
import { declareStep } from '../step-kind.ts'

/** Ends the run with a reason. */
export const exit = declareStep({
  kind: 'exit',
  title: 'Exit',
  description: 'Ends the journey for her. With a reason other than "finished", what still waits to be sent is dropped.',
  schema: exitStep,
  fields: [{ path: 'reason', title: 'Reason', input: 'text', required: false }],
  waysOut: () => [],
  filters: () => [],
  staysMs: () => 0,
  perform: (step) => ({ kind: 'exit', reason: step.reason }),
})
