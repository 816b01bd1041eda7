import { waitForEventStep } from '@baton/contract'
import { declareStep } from '../step-kind.ts'

/** Waits for an event, but not longer than its time-out. At the deadline itself it is over. */
export const waitForEvent = declareStep({
  kind: 'wait-for-event',
  title: 'Wait for an event',
  description: 'Goes on when the event is received, or when the time is up, whichever is first.',
  schema: waitForEventStep,
  fields: [
    { path: 'event', title: 'Event', input: 'event', required: true },
    { path: 'keyPath', title: 'Property that must equal the entry key', input: 'property', required: false },
    { path: 'where', title: 'Only where', input: 'filters', required: false },
    { path: 'timeoutMs', title: 'At most', input: 'duration', required: true },
    { path: 'onEvent', title: 'When it came', input: 'step', required: false },
    { path: 'onTimeout', title: 'When the time is up', input: 'step', required: false },
  ],
  waysOut: (step) => [
    { field: 'onEvent', label: 'It came', next: step.onEvent },
    { field: 'onTimeout', label: 'Time is up', next: step.onTimeout },
  ],
  staysMs: (step) => step.timeoutMs,
  listensFor: (step) => ({ event: step.event, where: step.where, keyPath: step.keyPath }),
  filters: ({ event, where }) => [{ field: 'where', event, where }],
  perform: (step, { at }) => ({ kind: 'wait', until: at + step.timeoutMs }),
  onDue: (step) => ({ kind: 'go', to: step.onTimeout, outcome: 'timed-out' }),
  onEvent: (step) => ({ kind: 'go', to: step.onEvent, outcome: 'arrived' }),
})
