import { describe, expect, test } from 'vitest'
import { type CartRules, expectRuns } from './expected-runs.ts'
import { type JournalEntry, type ToldEvent, testimonyOf } from './witness-journal.ts'
import { type HeldRun, judgeRuns } from './witness-verdict.ts'

const rules: CartRules = { entry: 'Added', order: 'Ordered', waitMs: 1_000 }

/** One request: when it was sent, what it carried, when it was answered and how (null: nobody knows), and where it went. */
type Sent = readonly [
  at: number,
  events: readonly Partial<ToldEvent>[],
  answeredAt: number,
  status: number | null,
  path?: string,
]

const nothing: ToldEvent = {
  messageId: '',
  name: null,
  userId: null,
  anonymousId: null,
  cart: null,
  email: null,
  consent: null,
}
const added = (messageId: string, of: Partial<ToldEvent> = {}) => ({
  messageId,
  name: 'Added',
  userId: 'ann',
  cart: '1',
  ...of,
})
const ordered = (messageId: string, of: Partial<ToldEvent> = {}) => ({ ...added(messageId, of), name: 'Ordered' })
const known = (of: Partial<ToldEvent> = {}) => ({
  messageId: 'known',
  userId: 'ann',
  email: 'ann@shop.example',
  consent: true,
  ...of,
})
const withdrawn = (of: Partial<ToldEvent> = {}) => ({
  messageId: 'withdrawn',
  name: 'Consent Withdrawn',
  userId: 'ann',
  consent: false,
  ...of,
})
const bySomeBrowser = { userId: null, anonymousId: 'browser' }

/** `at`: when it arrived, if not long after everything. */
type Mail = readonly [messageId: string, recipient: string, at?: number]
const leaveOf = (messageId: string) => `/u/${messageId}`

const seenOf = (requests: readonly Sent[], mails: readonly Mail[] = []) =>
  testimonyOf([
    ...requests.flatMap(([at, events, answeredAt, status, path = '/v1/batch'], request): readonly JournalEntry[] => {
      const told = events.map((event) => ({ ...nothing, ...event }))
      return [
        { kind: 'asked', request, at, path, told, messageIds: told.map(({ messageId }) => messageId) },
        status === null
          ? { kind: 'lost', request, at: answeredAt }
          : { kind: 'answered', request, at: answeredAt, status },
      ]
    }),
    ...mails.map(
      ([messageId, recipient, at = 90_000]): JournalEntry => ({
        kind: 'mail',
        at,
        messageId,
        recipient,
        leave: leaveOf(messageId),
      }),
    ),
  ])

const isKnown: Sent = [0, [known()], 10, 200]

describe('what the rules make of what was seen', () => {
  const cases: readonly (readonly [string, readonly Sent[], readonly string[]])[] = [
    [
      'a cart enters, and after the wait she is written to',
      [isKnown, [100, [added('a')], 110, 200]],
      ['a must/never/must'],
    ],
    [
      'an order within the wait ends it, and she is not',
      [isKnown, [100, [added('a')], 110, 200], [500, [ordered('o')], 510, 200]],
      ['a must/must/never'],
    ],
    [
      'one request acts at one instant, in its order',
      [isKnown, [100, [added('a'), ordered('o'), added('b')], 9_000, 200]],
      ['a must/must/never', 'b must/never/must'],
    ],
    [
      'an order before it ends nothing',
      [isKnown, [100, [ordered('o')], 110, 200], [200, [added('a')], 210, 200]],
      ['a must/never/must'],
    ],
    [
      'an order after the wait comes late',
      [isKnown, [100, [added('a')], 110, 200], [1_110, [ordered('o')], 1_120, 200]],
      ['a must/never/must'],
    ],
    [
      'an order at the end of the wait may be in time or late',
      [isKnown, [100, [added('a')], 110, 200], [1_099, [ordered('o')], 1_101, 200]],
      ['a must/may/may'],
    ],
    [
      'an order that was not acknowledged may be there',
      [isKnown, [100, [added('a')], 110, 200], [500, [ordered('o')], 510, 503]],
      ['a must/may/may'],
    ],
    [
      'what is added again during the wait does not enter',
      [isKnown, [100, [added('a')], 110, 200], [500, [added('b')], 510, 200]],
      ['a must/never/must', 'b never/never/must'],
    ],
    [
      'what is added again after the order enters again',
      [isKnown, [100, [added('a'), ordered('o')], 110, 200], [500, [added('b')], 510, 200]],
      ['a must/must/never', 'b must/never/must'],
    ],
    [
      'what is added again when the wait is over enters again',
      [isKnown, [100, [added('a')], 110, 200], [1_500, [added('b')], 1_510, 200]],
      ['a must/never/must', 'b must/never/must'],
    ],
    [
      'what was given up may have entered, and may keep the next one out',
      [isKnown, [100, [added('a')], 110, null], [500, [added('b')], 510, 200]],
      ['a may/never/must', 'b may/never/must'],
    ],
    [
      'what was lost, sent again and repeated enters once, at some time up to its acknowledgement',
      [isKnown, [100, [added('a')], 110, null], [600, [added('a')], 610, 200], [5_000, [added('a')], 5_010, 200]],
      ['a must/never/must'],
    ],
    [
      'another cart, and the cart of another, are others',
      [isKnown, [100, [added('a'), added('b', { cart: '2' }), added('c', { userId: 'ben' })], 110, 200]],
      ['a must/never/must', 'b must/never/must', 'c must/never/never'],
    ],
    ['who has no address is not written to', [[100, [added('a')], 110, 200]], ['a must/never/never']],
    [
      'who has an address only afterwards may be written to',
      [
        [100, [added('a')], 110, 200],
        [200, [known()], 210, 200],
      ],
      ['a must/never/may'],
    ],
    [
      'a browser that is nobody known',
      [isKnown, [100, [added('a'), added('b', bySomeBrowser)], 110, 200]],
      ['a must/never/must', 'b must/never/never'],
    ],
    [
      'a cart under two ids that became one person: only the first is sure to have entered',
      [
        isKnown,
        [100, [added('a'), added('b', bySomeBrowser)], 110, 200],
        [200, [known({ messageId: 'same', anonymousId: 'browser' })], 210, 200],
      ],
      ['a must/never/may', 'b may/never/may'],
    ],
  ]
  test.each(cases)('%s', (_, requests, expected) => {
    const found = expectRuns(seenOf(requests), rules)
    expect(found.map((run) => `${run.messageId} ${run.entered}/${run.ordered}/${run.mailed}`)).toEqual(expected)
  })
})

describe('who may be written to, by what was answered before the wait could be over', () => {
  const enters: Sent = [100, [added('a')], 110, 200]
  const earlier: Mail = ['earlier', 'ann@shop.example', 50]
  const leaves = (at: number, answeredAt: number, status: number | null = 200): Sent => [
    at,
    [],
    answeredAt,
    status,
    leaveOf('earlier'),
  ]
  const cases: readonly (readonly [string, readonly Sent[], string])[] = [
    ['who agreed', [isKnown, enters], 'must'],
    [
      'who agreed during the wait',
      [[0, [known({ consent: null })], 10, 200], enters, [200, [known({ messageId: 'agreed' })], 210, 200]],
      'must',
    ],
    [
      'who agreed when the wait may be over',
      [[0, [known({ consent: null })], 10, 200], enters, [900, [known({ messageId: 'agreed' })], 1_100, 200]],
      'may',
    ],
    [
      'who may have agreed',
      [[0, [known({ consent: null })], 10, 200], enters, [200, [known({ messageId: 'agreed' })], 210, null]],
      'may',
    ],
    ['who never agreed', [[0, [known({ consent: null })], 10, 200], enters], 'never neverGave'],
    [
      'whose browser never agreed, but she did',
      [
        isKnown,
        [20, [known({ messageId: 'same', anonymousId: 'browser' })], 30, 200],
        [100, [added('a', bySomeBrowser)], 110, 200],
      ],
      'may',
    ],
    ['who took it back before', [isKnown, [50, [withdrawn()], 60, 200], enters], 'never withdrew'],
    ['who took it back during the wait', [isKnown, enters, [1_080, [withdrawn()], 1_099, 200]], 'never withdrew'],
    [
      'whose withdrawal was answered when the wait may be over',
      [isKnown, enters, [1_080, [withdrawn()], 1_100, 200]],
      'may',
    ],
    ['who may have taken it back', [isKnown, [50, [withdrawn()], 60, null], enters], 'may'],
    [
      'who may have agreed again',
      [isKnown, [50, [withdrawn()], 60, 200], [60, [known({ messageId: 'again' })], 70, null], enters],
      'may',
    ],
    [
      'whose earlier agreement may have come late',
      [[0, [known()], 51, 200], [50, [withdrawn()], 60, 200], enters],
      'may',
    ],
    ['who took it back long after', [isKnown, enters, [5_000, [withdrawn()], 5_010, 200]], 'may'],
    ['another who took it back', [isKnown, [50, [withdrawn({ userId: 'ben' })], 60, 200], enters], 'must'],
    ['who left before', [isKnown, leaves(60, 70), enters], 'never left'],
    ['who left during the wait', [isKnown, enters, leaves(1_080, 1_099)], 'never left'],
    ['whose leaving was answered when the wait may be over', [isKnown, enters, leaves(1_080, 1_100)], 'may'],
    ['whose leaving was refused', [isKnown, leaves(60, 70, 503), enters], 'may'],
    ['who may have left', [isKnown, leaves(60, 70, null), enters], 'may'],
  ]
  test.each(cases)('%s', (_, requests, expected) => {
    const [run] = expectRuns(seenOf(requests, [earlier]), rules)
    expect([run?.mailed, run?.forbidden ?? []].flat().join(' ')).toBe(expected)
  })
})

/**
 * `a` times out and she is written to, `b` comes during its wait and does not enter; of cart 2, `c` is ordered and `d`
 * enters after it; of cart 3, nobody knows whether `e` is there.
 */
const requests: readonly Sent[] = [
  isKnown,
  [100, [added('a')], 110, 200],
  [500, [added('b')], 510, 200],
  [600, [added('c', { cart: '2' }), ordered('o', { cart: '2' })], 610, 200],
  [700, [added('d', { cart: '2' })], 710, 200],
  [800, [added('e', { cart: '3' })], 810, null],
]
/** A run as it is right for cart 1: ended by the time, and she was written to. */
const runOf = (messageId: string, of: Partial<HeldRun> = {}): HeldRun => ({
  runId: `run-${messageId}`,
  messageId,
  cart: '1',
  subjectId: 'subject-ann',
  identities: ['email ann@shop.example', 'userId ann'],
  enteredAt: 105,
  endedAt: 1_105,
  state: 'finished',
  reason: 'finished',
  steps: [
    { stepId: 'order', outcome: 'timed-out' },
    { stepId: 'mail', outcome: 'sent' },
  ],
  messages: [{ messageId: `mail-${messageId}`, state: 'accepted' }],
  ...of,
})
const a = runOf('a')
const c = runOf('c', {
  cart: '2',
  enteredAt: 605,
  endedAt: 605,
  steps: [{ stepId: 'order', outcome: 'arrived' }],
  messages: [],
})
const d = runOf('d', { cart: '2', enteredAt: 705, endedAt: 1_705 })
const e = runOf('e', { cart: '3', enteredAt: 805, endedAt: 1_805 })

const mailOf = (messageId: string, recipient = 'ann@shop.example'): Mail => [`mail-${messageId}`, recipient]
const bothMails = [mailOf('a'), mailOf('d')]

const verdict = (runs: readonly HeldRun[], mails: readonly Mail[], sent = requests): readonly string[] => {
  const seen = seenOf(sent, mails)
  const judged = judgeRuns(expectRuns(seen, rules), runs, seen)
  const named = (of: 'runs' | 'mails') =>
    Object.entries({ ...judged[of] }).flatMap(([name, { count }]) => (count > 0 ? [`${of} ${name} ${count}`] : []))
  return [...named('runs'), ...named('mails')]
}

type History = readonly [what: string, runs: readonly HeldRun[], found: readonly string[], mails?: readonly Mail[]]
const whole = ([what, runs, found, mails = bothMails]: History) => [what, runs, found, mails] as const

describe('journeys, as the witness judges them', () => {
  const right: readonly History[] = [
    ['all is well', [a, c, d], []],
    ['what nobody knows may have entered', [a, c, d, e], [], [...bothMails, mailOf('e')]],
    [
      'a mail of which nobody knows may have arrived or not',
      [runOf('a', { messages: [{ messageId: 'mail-a', state: 'uncertain' }] }), c, d],
      [],
      [mailOf('d')],
    ],
  ]
  const open = { stepId: 'mail', outcome: null }
  const wrong: readonly History[] = [
    ['an entry that is lost', [a, c], ['runs lost 1', 'mails lost 1'], [mailOf('a')]],
    ['all are lost', [], ['runs lost 3', 'mails lost 2'], []],
    [
      'an entry with two runs, one after the other',
      [a, runOf('a', { runId: 'again', enteredAt: 2_000, endedAt: 3_000, messages: [] }), c, d],
      ['runs doubled 1'],
    ],
    [
      'an entry with two runs at one time',
      [a, runOf('a', { runId: 'again', messages: [] }), c, d],
      ['runs doubled 1', 'runs overlapping 1'],
    ],
    [
      'a second run of a cart that is waiting',
      [a, runOf('b', { enteredAt: 505, endedAt: 1_505 }), c, d],
      ['runs doubled 1', 'runs overlapping 1'],
      [...bothMails, mailOf('b')],
    ],
    ['a run that nobody began', [a, c, d, runOf('x', { cart: '9', messages: [] })], ['runs phantom 1']],
    ['a run of another person', [runOf('a', { identities: ['userId ben'] }), c, d], ['runs phantom 1']],
    ['a run of another cart', [runOf('a', { cart: '9' }), c, d], ['runs phantom 1']],
    ['a run that does not end', [runOf('a', { state: 'active', endedAt: null }), c, d], ['runs inTwoStates 1']],
    [
      'a run that is over and still at a step',
      [runOf('a', { steps: [...a.steps.slice(0, 1), open] }), c, d],
      ['runs inTwoStates 1'],
    ],
    [
      'a run that left its wait by both ways',
      [runOf('a', { steps: [...c.steps, ...a.steps] }), c, d],
      ['runs inTwoStates 1', 'runs astray 1', 'runs doubledSteps 1'],
    ],
    [
      'a run that stands there in two states',
      [a, { ...a, state: 'exited', reason: 'goal', messages: [] }, c, d],
      ['runs doubled 1', 'runs astray 1', 'runs overlapping 1'],
    ],
    ['a run that somebody ended', [runOf('a', { state: 'exited', reason: 'goal' }), c, d], ['runs astray 1']],
    [
      'a run whose order was not noticed',
      [a, runOf('c', { cart: '2', enteredAt: 605, endedAt: 705 }), d],
      ['runs astray 1', 'mails phantom 1'],
      [...bothMails, mailOf('c')],
    ],
    ['a mail that was not planned', [runOf('a', { messages: [] }), c, d], ['mails lost 1'], [mailOf('d')]],
    ['a mail that did not arrive', [a, c, d], ['mails lost 1'], [mailOf('d')]],
    ['a mail that arrived twice', [a, c, d], ['mails doubled 1'], [...bothMails, mailOf('a')]],
    [
      'a mail that was planned twice',
      [runOf('a', { messages: [...a.messages, { messageId: 'other', state: 'dropped' }] }), c, d],
      ['mails doubled 1'],
    ],
    ['a mail to the wrong person', [a, c, d], ['mails phantom 1'], [mailOf('a', 'ben@shop.example'), mailOf('d')]],
  ]
  test.each([
    ['that was early by a millisecond', requests, ['mails early 1'], 1_099],
    ['in time', requests, [], 1_100],
    [
      'to somebody who took her consent back, and another',
      [...requests, [900, [withdrawn()], 910, 200]],
      ['mails unwanted 2'],
      1_100,
    ],
  ] as readonly (readonly [string, readonly Sent[], readonly string[], number])[])(
    'a mail %s',
    (_, sent, found, at) => {
      expect(
        verdict([a, c, d], [['mail-a', 'ann@shop.example', at], mailOf('d')], sent).filter(
          (one) => !one.includes('lost'),
        ),
      ).toEqual(found)
    },
  )
  test.each(right.map(whole))('%s', (_, runs, found, mails) => expect(verdict(runs, mails)).toEqual(found))
  test.each(wrong.map(whole))('%s is found', (_, runs, found, mails) => expect(verdict(runs, mails)).toEqual(found))
})
