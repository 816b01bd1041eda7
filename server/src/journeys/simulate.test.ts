import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { brandAs, hourMs, type Instant, type PersonId, type WorkspaceId } from '../kernel/index.ts'
import { type Decision, decide, defaultPolicySettings, zoneOf } from '../policy/index.ts'
import { advance, begin } from './advance.ts'
import { abandonedCart, arrived, compile, runId, subjectId, templateId } from './journey-fixture.ts'
import type { ArrivedEvent } from './run.ts'
import { simulate } from './simulate.ts'
import { rehearseMessages } from './simulate-policy.ts'

const workspaceId = brandAs<WorkspaceId>('00000000-0000-4000-8000-0000000000aa')
const personId = brandAs<PersonId>(subjectId)
/** Noon of a summer Wednesday. */
const start = Date.parse('2026-06-10T12:00:00Z')

const walk = (
  definition: unknown,
  later: readonly ArrivedEvent[] = [],
  options: { until?: Instant; holdAt?: (now: Instant) => ReadonlySet<string> } = {},
) =>
  simulate({
    workspaceId,
    journey: compile(definition),
    personId,
    subjectId,
    entry: arrived('Product Added', start, { cart_id: 'c1' }),
    later,
    until: options.until ?? start + 30 * 24 * hourMs,
    holdAt: options.holdAt ?? (() => new Set()),
  })

const pathOf = ({ runs }: ReturnType<typeof walk>) =>
  runs.map(({ trace }) => trace.flatMap((item) => (item.kind === 'left' ? [`${item.stepId}: ${item.outcome}`] : [])))

describe('an order and the hour of an abandoned cart', () => {
  const order = (afterMs: number, cart = 'c1') => arrived('Order Completed', start + afterMs, { cart_id: cart })

  it('at 59:59.999 ends the wait, so nothing is planned', () => {
    const simulated = walk(abandonedCart, [order(hourMs - 1)])
    expect(pathOf(simulated)).toEqual([['wait: arrived']])
    expect(simulated.runs[0]?.intents).toEqual([])
  })
  it('at 60:00.000 arrives late: the message is planned at that instant', () => {
    const simulated = walk(abandonedCart, [order(hourMs)])
    expect(pathOf(simulated)).toEqual([['wait: timed-out', 'mail: planned']])
    expect(simulated.runs[0]?.intents).toMatchObject([{ plannedAt: start + hourMs }])
    expect(simulated.runs[0]?.trace.at(-1)).toMatchObject({ kind: 'late', at: start + hourMs })
  })
  it('of another cart does not end it, and another cart is a run of its own', () => {
    const other = arrived('Product Added', start + 5, { cart_id: 'c2' })
    const simulated = walk(abandonedCart, [other, order(10, 'c2')])
    expect(pathOf(simulated)).toEqual([['wait: timed-out', 'mail: planned'], ['wait: arrived']])
  })
  it('a second event of the same cart does not start again while she is inside, nor ever where it is entered once', () => {
    const again = arrived('Product Added', start + 2 * hourMs, { cart_id: 'c1' })
    expect(walk(abandonedCart, [again]).runs).toHaveLength(2)
    const once = { ...abandonedCart, entry: { ...abandonedCart.entry, reentry: 'never' } }
    expect(walk(once, [again]).runs).toHaveLength(1)
  })
})

test('a rule about her is asked at the instant she comes to the branch, on the way of a timer as well', () => {
  const asked: Instant[] = []
  const branching = {
    ...abandonedCart,
    start: 'first',
    steps: [
      { id: 'first', kind: 'delay', forMs: hourMs, next: 'who' },
      {
        id: 'who',
        kind: 'branch',
        branches: [{ label: 'buyers', when: { kind: 'trait', path: 'vip', is: 'exists' }, next: 'mail' }],
        otherwise: null,
      },
      { id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'cart', next: null },
    ],
  }
  const { journeyId } = compile(branching)
  const key = `journey:${journeyId}:v1:who:0`
  const holdAt = (now: Instant) => {
    asked.push(now)
    return new Set([key])
  }
  expect(pathOf(walk(branching, [arrived('Page Viewed', start + 2 * hourMs)], { holdAt }))).toEqual([
    ['first: waited', 'who: buyers', 'mail: planned'],
  ])
  expect(asked).toEqual([start + hourMs])
})

test('a journey that goes round is walked turn by turn, and the look ends when it has seen enough', () => {
  const round = { ...abandonedCart, start: 'rest', steps: [{ id: 'rest', kind: 'delay', forMs: 60_000, next: 'rest' }] }
  const short = walk(round, [], { until: start + 10 * 60_000 })
  expect(short).toMatchObject({ cut: false, runs: [{ run: { stepNo: 11, place: { kind: 'at' } } }] })
  expect(walk(round)).toMatchObject({ cut: true, runs: [{ run: { place: { kind: 'at' } } }] })
})

test('property: whatever comes when, she walks as the engine walks her with all events in order', () => {
  const eventArb = fc.record({
    name: fc.constantFrom('Order Completed', 'Cart Viewed', 'Subscribed'),
    afterMs: fc.integer({ min: 1, max: 100 }),
    cart: fc.constantFrom('c1', 'c2'),
  })
  const goals = fc.constantFrom(undefined, { event: 'Subscribed', keyPath: 'cart_id' })
  fc.assert(
    fc.property(
      fc.array(eventArb, { maxLength: 8 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      goals,
      (events, forMs, timeoutMs, goal) => {
        const definition = {
          ...abandonedCart,
          ...(goal ? { goal } : {}),
          start: 'rest',
          steps: [
            { id: 'rest', kind: 'delay', forMs, next: 'wait' },
            { ...abandonedCart.steps[0], timeoutMs, onEvent: null },
            abandonedCart.steps[1],
          ],
        }
        const later = events
          .toSorted((a, b) => a.afterMs - b.afterMs)
          .map(({ name, afterMs, cart }, index) => arrived(name, start + afterMs, { cart_id: cart }, `m${index}`))
        const journey = compile(definition)
        const entry = arrived('Product Added', start, { cart_id: 'c1' })
        const steps = [begin(journey, { runId, subjectId, entryKey: 'c1', event: entry, at: start })]
        const last = () => steps.at(-1)?.run ?? expect.fail('it has begun')
        for (const event of later) steps.push(advance(journey, last(), { kind: 'event', event }))
        steps.push(advance(journey, last(), { kind: 'time', now: start + 200 }))
        const [walked] = walk(definition, later, { until: start + 200 }).runs
        expect(walked?.trace).toEqual(steps.flatMap(({ trace }) => trace))
        expect(walked?.intents).toEqual(steps.flatMap(({ intents }) => intents))
        expect(walked?.run.place).toEqual(last().place)
      },
    ),
  )
})

describe('what policy would say', () => {
  const say = (definition: unknown, later: readonly ArrivedEvent[] = [], settings = defaultPolicySettings) => {
    const journey = compile(definition)
    const { runs } = walk(definition, later)
    return rehearseMessages(
      journey,
      runs,
      ({ now, message, run, added }): Decision =>
        decide({
          now,
          message,
          run,
          settings,
          workspaceTimeZone: zoneOf('UTC') ?? expect.fail('UTC exists'),
          person: {
            consents: [],
            preferences: {
              topicsOff: [],
              channelsOff: [],
              unsubscribedAll: false,
              pausedUntil: null,
              weeklyLimit: null,
            },
            suppressions: [],
            openIssue: false,
            contacts: added,
            address: 'ada@example.com',
            timeZone: null,
            states: [],
          },
        }),
    ).map(({ decisions }) => decisions.map(({ outcome, reason, at }) => [outcome, reason, (at - start) / hourMs]))
  }
  const mails = (...delaysH: number[]) => ({
    ...abandonedCart,
    purpose: 'serve',
    messageDeadlineMs: 10 * 24 * hourMs,
    start: 'd0',
    steps: delaysH.flatMap((hours, index) => [
      { id: `d${index}`, kind: 'delay', forMs: hours * hourMs, next: `m${index}` },
      {
        id: `m${index}`,
        kind: 'message',
        templateId,
        channel: 'email',
        topic: 'cart',
        next: index + 1 < delaysH.length ? `d${index + 1}` : null,
      },
    ]),
  })
  const openMind = { ...defaultPolicySettings, consentNeeded: [] }

  it('a message of the night is held until the morning, then sent', () => {
    expect(say({ ...mails(10), purpose: 'inform' }, [], openMind)).toEqual([
      [
        ['hold', 'quiet-hours', 10],
        ['send', null, 20],
      ],
    ])
  })
  it('what is sent counts for what comes after, also when it overtakes', () => {
    const settings = { ...openMind, quietHours: null }
    const [first, second] = say({ ...mails(1, 1), purpose: 'sell' }, [], settings)
    expect(first).toEqual([['send', null, 1]])
    expect(second).toEqual([
      ['hold', 'frequency-cap', 2],
      ['send', null, 1 + 7 * 24],
    ])
  })
  it('what waits when she reaches the goal is dropped', () => {
    const definition = { ...mails(10, 30), purpose: 'inform', goal: { event: 'Subscribed' } }
    expect(say(definition, [arrived('Subscribed', start + 15 * hourMs)], openMind)).toEqual([
      [
        ['hold', 'quiet-hours', 10],
        ['drop', 'run-ended', 20],
      ],
    ])
  })
  it('a kill switch that stays on is one hold', () => {
    expect(say(mails(1), [], { ...openMind, killSwitch: true })).toEqual([[['hold', 'kill-switch', 1]]])
  })
})
