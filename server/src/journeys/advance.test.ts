import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs } from '../kernel/index.ts'
import { advance, begin, type RunInput } from './advance.ts'
import type { CompiledJourney } from './compiled-journey.ts'
import { abandonedCart, arrived, compile, runId, subjectId, templateId } from './journey-fixture.ts'
import type { Advance, PlannedMessage, TraceItem } from './run.ts'

const start = 1_700_000_000_000
const added = arrived('Product Added', start, { cart_id: 'c1' })

/** Begins a run and gives it the inputs in turn; all that came of it. */
const live = (journey: CompiledJourney, inputs: readonly RunInput[], entry = added): Advance => {
  const first = begin(journey, { runId, subjectId, entryKey: 'c1', event: entry, at: entry.receivedAt })
  const intents: PlannedMessage[] = [...first.intents]
  const trace: TraceItem[] = [...first.trace]
  let run = first.run
  for (const input of inputs) {
    const next = advance(journey, run, input)
    intents.push(...next.intents)
    trace.push(...next.trace)
    run = next.run
  }
  return { run, intents, trace }
}

const order = (at: number, cart = 'c1', messageId?: string): RunInput => ({
  kind: 'event',
  event: arrived('Order Completed', at, { cart_id: cart }, messageId),
})
const time = (now: number): RunInput => ({ kind: 'time', now })
const late = (trace: readonly TraceItem[]) => trace.filter((item) => item.kind === 'late').length

describe('the abandoned cart', () => {
  const cart = compile(abandonedCart)
  const deadline = start + hourMs
  const cases: [string, RunInput[], { sent: number; late: number }][] = [
    ['no order: sent when the hour is over', [time(deadline)], { sent: 1, late: 0 }],
    ['nothing is sent a millisecond early', [time(deadline - 1)], { sent: 0, late: 0 }],
    [
      'an order received at 59:59.999 and the hour long over: never sent',
      [order(deadline - 1), time(deadline + hourMs)],
      { sent: 0, late: 0 },
    ],
    [
      'an order received at 60:00.000: sent, and it arrived late',
      [order(deadline), time(deadline + hourMs)],
      { sent: 1, late: 1 },
    ],
    [
      'an order received after the message: sent once, and it arrived late',
      [time(deadline), order(deadline + 5_000)],
      { sent: 1, late: 1 },
    ],
    ['the order twice in time: never sent', [order(start + 1), order(start + 2), time(deadline)], { sent: 0, late: 0 }],
    [
      'the order in time and again late: never sent, nothing missed',
      [order(start + 1), order(deadline + 1)],
      { sent: 0, late: 0 },
    ],
    ['the order late, twice: sent once, both shown', [order(deadline + 1), order(deadline + 2)], { sent: 1, late: 2 }],
    ['an order of another cart: sent', [order(start + 1, 'c2'), time(deadline)], { sent: 1, late: 0 }],
    ['an order of another cart, late: sent, nothing missed', [order(deadline + 1, 'c2')], { sent: 1, late: 0 }],
    [
      'an order without a cart: sent',
      [{ kind: 'event', event: arrived('Order Completed', start + 1) }, time(deadline)],
      { sent: 1, late: 0 },
    ],
    ['the same time told twice: sent once', [time(deadline), time(deadline)], { sent: 1, late: 0 }],
  ]
  it.each(cases)('%s', (_name, inputs, expected) => {
    const { intents, trace } = live(cart, inputs)
    expect({ sent: intents.length, late: late(trace) }).toEqual(expected)
  })

  it('plans the message at the deadline, however late the worker is', () => {
    const { intents, run } = live(cart, [time(deadline + 5 * hourMs)])
    expect(intents[0]).toMatchObject({ templateId, plannedAt: deadline, instance: 2, topic: 'cart' })
    expect(run.place).toEqual({ kind: 'finished', at: deadline })
  })

  it('records each step with when it was entered and left, and by what', () => {
    const { trace } = live(cart, [order(start + 7)])
    expect(trace).toEqual([
      { kind: 'entered', stepNo: 1, stepId: 'wait', at: start },
      {
        kind: 'left',
        stepNo: 1,
        stepId: 'wait',
        at: start + 7,
        outcome: 'arrived',
        messageId: `Order Completed@${start + 7}`,
      },
      { kind: 'ended', at: start + 7, state: 'finished', reason: 'finished' },
    ])
  })

  it('ends for a reply to its own message only', () => {
    const replied = (toRun: string): RunInput => ({
      kind: 'event',
      event: arrived('Replied', start + 5, { journey_run_id: toRun }),
    })
    expect(live(cart, [replied('another run')]).run.place.kind).toBe('at')
    expect(live(cart, [replied(runId)]).run.place).toEqual({ kind: 'exited', at: start + 5, reason: 'replied' })
    const deaf = compile({ ...abandonedCart, exitOnReply: false })
    expect(live(deaf, [replied(runId)]).run.place.kind).toBe('at')
  })

  it('ends by a stop at whatever step, once', () => {
    const stop: RunInput = { kind: 'end', at: start + 9, reason: 'journey-stopped' }
    const { run, trace } = live(cart, [stop, stop, time(deadline)])
    expect(run.place).toEqual({ kind: 'exited', at: start + 9, reason: 'journey-stopped' })
    expect(trace.filter((item) => item.kind === 'ended')).toHaveLength(1)
  })
})

describe('a branch by a rule about the person', () => {
  const journey = compile({
    ...abandonedCart,
    start: 'who',
    steps: [
      {
        id: 'who',
        kind: 'branch',
        branches: [{ label: 'Buyer', when: { kind: 'rule', ruleKey: 'x' }, next: 'wait' }],
        otherwise: null,
      },
      ...abandonedCart.steps,
    ],
  })
  const ruleKey = journey.ruleKey('who', 0)
  const buyer: RunInput = { kind: 'answer', holds: new Set([ruleKey]) }

  it('waits for the answer and asks by the key of its hidden segment', () => {
    expect(live(journey, [time(start + hourMs)]).run.place).toEqual({
      kind: 'at',
      stepId: 'who',
      since: start,
      waits: { kind: 'answer', ruleKeys: [ruleKey] },
    })
    expect(live(journey, [{ kind: 'answer', holds: new Set() }]).run.place.kind).toBe('finished')
  })

  it('loses nothing that arrives meanwhile: the order that came before the answer still counts', () => {
    const { run, intents } = live(journey, [order(start + 200), buyer, time(start + 2 * hourMs)])
    expect(intents).toEqual([])
    expect(run.place).toEqual({ kind: 'finished', at: start + 200 })
  })

  it('counts the hour from when she came to the branch, however late the answer', () => {
    const { intents } = live(journey, [order(start + hourMs), buyer])
    expect(intents[0]?.plannedAt).toBe(start + hourMs)
  })
})

describe('other steps', () => {
  it('a branch on the entry event needs no answer', () => {
    const journey = compile({
      ...abandonedCart,
      start: 'which',
      steps: [
        {
          id: 'which',
          kind: 'branch',
          branches: [{ label: 'Kits', entry: [{ path: 'category', is: 'equals', value: 'kit' }], next: 'pause' }],
          otherwise: null,
        },
        { id: 'pause', kind: 'delay', forMs: minuteMs, next: null },
      ],
    })
    const kit = arrived('Product Added', start, { cart_id: 'c1', category: 'kit' })
    expect(live(journey, [], kit).run.place).toMatchObject({ kind: 'at', stepId: 'pause' })
    expect(live(journey, []).run.place.kind).toBe('finished')
  })

  it('a goal reached after the end is noted as long as its messages may lead to it, and starts nothing', () => {
    const within = 10 * hourMs
    const ended = start + hourMs
    const journey = compile({
      ...abandonedCart,
      messageDeadlineMs: hourMs,
      goal: { event: 'Order Completed', keyPath: 'cart_id', withinMs: within },
    })
    const goalsOf = (...events: Parameters<typeof live>[1][number][]) =>
      live(journey, [time(ended), ...events]).trace.flatMap((item) => (item.kind === 'goal' ? [item.at] : []))
    const last = ended + hourMs + within
    expect(goalsOf(order(ended + 5), order(ended + 9))).toEqual([ended + 5, ended + 9])
    expect(goalsOf(order(last), order(last + 1))).toEqual([last])
    expect(goalsOf(order(ended + 5, 'c2'))).toEqual([])
    expect(goalsOf(...Array.from({ length: 30 }, (_, index) => order(ended + 1 + index)))).toHaveLength(20)
  })

  it('a goal ends the run at any step', () => {
    const journey = compile({ ...abandonedCart, goal: { event: 'Order Completed', keyPath: 'cart_id' } })
    expect(live(journey, [order(start + 3)]).run.place).toEqual({ kind: 'exited', at: start + 3, reason: 'goal' })
  })

  it('a delay inside a loop plans a message each time round, each with its own instance', () => {
    const journey = compile({
      ...abandonedCart,
      start: 'mail',
      steps: [
        { id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'tips', next: 'day' },
        { id: 'day', kind: 'delay', forMs: 24 * hourMs, next: 'mail' },
      ],
    })
    const { intents } = live(journey, [time(start + 48 * hourMs)])
    expect(intents.map(({ instance, plannedAt }) => [instance, plannedAt - start])).toEqual([
      [1, 0],
      [3, 24 * hourMs],
      [5, 48 * hourMs],
    ])
  })

  it('a journey that would never rest is ended with the reason', () => {
    const journey = compile({ ...abandonedCart, start: 'a', steps: [{ id: 'a', kind: 'delay', forMs: 0, next: 'a' }] })
    expect(live(journey, [time(start)]).run.place).toMatchObject({ kind: 'exited', reason: 'step-limit' })
  })

  it('an exit with a reason is an exit, with "finished" the end', () => {
    const exit = (reason: string) =>
      compile({ ...abandonedCart, start: 'x', steps: [{ id: 'x', kind: 'exit', reason }] })
    expect(live(exit('bought'), []).run.place).toEqual({ kind: 'exited', at: start, reason: 'bought' })
    expect(live(exit('finished'), []).run.place).toEqual({ kind: 'finished', at: start })
  })
})
