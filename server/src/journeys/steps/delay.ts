import { delayStep } from '@baton/contract'
import { declareStep } from '../step-kind.ts'

/** Lets a fixed time pass. */
export const delay = declareStep({
  kind: 'delay',
  title: 'Wait',
  description: 'Lets a fixed time pass, counted from the instant she came to this step.',
  schema: delayStep,
  fields: [
    { path: 'forMs', title: 'For', input: 'duration', required: true },
    { path: 'next', title: 'Then', input: 'step', required: false },
  ],
  waysOut: (step) => [{ field: 'next', label: 'Then', next: step.next }],
  filters: () => [],
  staysMs: (step) => step.forMs,
  perform: (step, { at }) => ({ kind: 'wait', until: at + step.forMs }),
  onDue: (step) => ({ kind: 'go', to: step.next, outcome: 'waited' }),
})
