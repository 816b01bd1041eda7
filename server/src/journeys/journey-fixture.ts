import { type JourneyDefinition, journeyDefinition, type PropertyFilter } from '@baton/contract'
import { brandAs, hourMs, type Instant, type JourneyId, type RunId, type SubjectId } from '../kernel/index.ts'
import { type CompiledJourney, compileJourney } from './compiled-journey.ts'
import { keyAt } from './entry-key.ts'
import type { ArrivedEvent } from './run.ts'

/** Journeys and events for the tests of this folder. */
export const journeyId = brandAs<JourneyId>('00000000-0000-4000-8000-00000000000a')
export const templateId = '00000000-0000-4000-8000-00000000000b'
export const runId = brandAs<RunId>('00000000-0000-4000-8000-00000000000c')
export const subjectId = brandAs<SubjectId>('00000000-0000-4000-8000-00000000000d')

/** Start on Product Added, wait an hour for Order Completed of the same cart, else send. */
export const abandonedCart: JourneyDefinition = journeyDefinition.parse({
  entry: { kind: 'event', event: 'Product Added', keyPath: 'cart_id' },
  start: 'wait',
  steps: [
    {
      id: 'wait',
      kind: 'wait-for-event',
      event: 'Order Completed',
      keyPath: 'cart_id',
      timeoutMs: hourMs,
      onEvent: null,
      onTimeout: 'mail',
    },
    { id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'cart', next: null },
  ],
  phase: 'purchase',
  purpose: 'sell',
})

/** Only what these tests filter by; the product connects the rule language's evaluator. */
const passes = (event: ArrivedEvent, filters: readonly PropertyFilter[]) =>
  filters.every((filter) => keyAt(event.properties, filter.path) === String(filter.value))

export const compile = (definition: unknown, version = 1): CompiledJourney =>
  compileJourney({ journeyId, version, definition: journeyDefinition.parse(definition) }, passes)

export const arrived = (
  name: string,
  receivedAt: Instant,
  properties: ArrivedEvent['properties'] = {},
  messageId = `${name}@${receivedAt}`,
): ArrivedEvent => ({ messageId, name, receivedAt, occurredAt: receivedAt, properties })
