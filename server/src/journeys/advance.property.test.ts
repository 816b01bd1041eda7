import type { JourneyDefinition } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance, begin, type RunInput } from './advance.ts'
import { arrived, compile, runId, subjectId, templateId } from './journey-fixture.ts'
import type { ArrivedEvent, PlannedMessage } from './run.ts'

/**
 * The engine consumes events one by one; the oracle below never does. It looks, step by step, for the first event of the
 * whole list that lies in the step's span. Both must tell the same story for any journey, any events, and however the
 * passing of time was cut up.
 */
interface Story {
  sent: { stepId: string; at: number }[]
  end: { state: string; at: number; reason: string } | { state: 'at'; stepId: string; dueAt: number }
}

const oracle = (
  definition: JourneyDefinition,
  entry: ArrivedEvent,
  events: readonly ArrivedEvent[],
  until: number,
): Story => {
  const sent: Story['sent'] = []
  const cart = entry.properties.cart_id
  const goalName = definition.goal?.event
  /** Index of the first event in (used, …] that lies before `deadline` and is meant. */
  const firstBefore = (from: number, deadline: number, meant: (event: ArrivedEvent) => boolean) => {
    for (let index = from; index < events.length; index += 1) {
      const event = events[index]
      if (!event || event.receivedAt >= deadline || event.receivedAt > until) return null
      if (meant(event)) return { event, index }
    }
    return null
  }
  const visit = (stepId: string | null, at: number, from: number): Story => {
    if (stepId === null) return { sent, end: { state: 'finished', at, reason: 'finished' } }
    const step = definition.steps.find((each) => each.id === stepId)
    if (!step) throw new Error(`no step ${stepId}`)
    if (step.kind === 'message') {
      sent.push({ stepId, at })
      return visit(step.next, at, from)
    }
    if (step.kind === 'exit') {
      const state = step.reason === 'finished' ? 'finished' : 'exited'
      return { sent, end: { state, at, reason: step.reason } }
    }
    if (step.kind === 'branch') throw new Error('branches have tests of their own')
    const deadline = at + (step.kind === 'delay' ? step.forMs : step.timeoutMs)
    const isGoal = (event: ArrivedEvent) => event.name === goalName && event.properties.cart_id === cart
    const isAwaited = (event: ArrivedEvent) =>
      step.kind === 'wait-for-event' && event.name === step.event && event.properties.cart_id === cart
    const hit = firstBefore(from, deadline, (event) => isGoal(event) || isAwaited(event))
    if (hit && isGoal(hit.event)) return { sent, end: { state: 'exited', at: hit.event.receivedAt, reason: 'goal' } }
    if (hit && step.kind === 'wait-for-event') return visit(step.onEvent, hit.event.receivedAt, hit.index + 1)
    if (deadline > until) return { sent, end: { state: 'at', stepId, dueAt: deadline } }
    const next = step.kind === 'delay' ? step.next : step.onTimeout
    const passed = events.findIndex((event) => event.receivedAt >= deadline)
    return visit(next, deadline, passed === -1 ? events.length : passed)
  }
  return visit(definition.start, entry.receivedAt, 0)
}

const stepIds = ['a', 'b', 'c', 'd', 'e']
const names = ['Order Completed', 'Cart Viewed', 'Subscribed']

/** Steps point only forward, or back through a wait of at least 5: any shape, no endless rounds. */
const stepArb = (id: string) => {
  const next = fc.constantFrom<(string | null)[]>(...stepIds.filter((each) => each > id), null)
  const anyNext = fc.constantFrom<(string | null)[]>(...stepIds, null)
  return fc.oneof(
    fc.record({
      id: fc.constant(id),
      kind: fc.constant('delay'),
      forMs: fc.integer({ min: 5, max: 30 }),
      next: anyNext,
    }),
    fc.record({
      id: fc.constant(id),
      kind: fc.constant('wait-for-event'),
      event: fc.constantFrom(...names),
      keyPath: fc.constant('cart_id'),
      timeoutMs: fc.integer({ min: 5, max: 30 }),
      onEvent: next,
      onTimeout: anyNext,
    }),
    fc.record({
      id: fc.constant(id),
      kind: fc.constant('message'),
      templateId: fc.constant(templateId),
      channel: fc.constant('email'),
      topic: fc.constant('t'),
      next,
    }),
    fc.record({ id: fc.constant(id), kind: fc.constant('exit'), reason: fc.constantFrom('finished', 'bought') }),
  )
}

const definitionArb = fc.record({
  entry: fc.constant({ kind: 'event', event: 'Product Added', keyPath: 'cart_id' }),
  start: fc.constant('a'),
  steps: fc.tuple(...stepIds.map(stepArb)),
  phase: fc.constant('purchase'),
  goal: fc.option(fc.constant({ event: 'Subscribed', keyPath: 'cart_id' }), { nil: undefined }),
})

const eventsArb = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      at: fc.integer({ min: 0, max: 120 }),
      cart: fc.constantFrom('c1', 'c1', 'c2'),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list
      .toSorted((left, right) => left.at - right.at)
      .map((each, index) => arrived(each.name, each.at, { cart_id: each.cart }, `m${index}`)),
  )

describe('advance', () => {
  it('tells the same story as the oracle, however time is cut up', () => {
    fc.assert(
      fc.property(
        definitionArb,
        eventsArb,
        fc.array(fc.integer({ min: 0, max: 140 })),
        fc.integer({ min: 0, max: 140 }),
        (raw, events, ticks, until) => {
          const journey = compile(raw)
          const entry = arrived('Product Added', 0, { cart_id: 'c1' })
          const inputs: RunInput[] = [
            ...events.filter((event) => event.receivedAt <= until).map((event): RunInput => ({ kind: 'event', event })),
            ...ticks.filter((now) => now < until).map((now): RunInput => ({ kind: 'time', now })),
            { kind: 'time', now: until } as const,
          ]
          const instant = (input: RunInput) =>
            input.kind === 'event' ? input.event.receivedAt : input.kind === 'time' ? input.now : 0
          const first = begin(journey, { runId, subjectId, entryKey: 'c1', event: entry, at: 0 })
          const sent: PlannedMessage[] = [...first.intents]
          let run = first.run
          for (const input of inputs.toSorted((left, right) => instant(left) - instant(right))) {
            const next = advance(journey, run, input)
            sent.push(...next.intents)
            run = next.run
          }
          const { place } = run
          const end: Story['end'] =
            place.kind === 'at'
              ? { state: 'at', stepId: place.stepId, dueAt: place.waits.kind === 'until' ? place.waits.dueAt : -1 }
              : { state: place.kind, at: place.at, reason: place.kind === 'exited' ? place.reason : 'finished' }
          const story: Story = { sent: sent.map(({ stepId, plannedAt }) => ({ stepId, at: plannedAt })), end }
          expect(story).toEqual(oracle(journey.definition, entry, events, until))
          expect(new Set(sent.map(({ stepId, instance }) => `${stepId} ${instance}`)).size).toBe(sent.length)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
