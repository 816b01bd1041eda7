import { describe, expect, test } from 'vitest'
import { type CartRules, expectRuns } from './expected-runs.ts'
import { type JournalEntry, type ToldEvent, testimonyOf } from './witness-journal.ts'
import { type HeldRun, judgeRuns } from './witness-verdict.ts'

const rules: CartRules = { entry: 'Added', order: 'Ordered', waitMs: 1_000 }

/** One request: when it was sent, what it carried, when it was answered and how (null: nobody knows). */
type Sent = readonly [at: number, events: readonly Partial<ToldEvent>[], answeredAt: number, status: number | null]

const nothing: ToldEvent = { messageId: '', name: null, userId: null, anonymousId: null, cart: null, email: null }
const added = (messageId: string, of: Partial<ToldEvent> = {}) => ({
  messageId,
  name: 'Added',
  userId: 'ann',
  cart: '1',
  ...of,
})
const ordered = (messageId: string, of: Partial<ToldEvent> = {}) => ({ ...added(messageId, of), name: 'Ordered' })
const known = (of: Partial<ToldEvent> = {}) => ({ messageId: 'known', userId: 'ann', email: 'ann@shop.example', ...of })
const bySomeBrowser = { userId: null, anonymousId: 'browser' }

const seenOf = (requests: readonly Sent[], mails: readonly (readonly [messageId: string, recipient: string])[] = []) =>
  testimonyOf([
    ...requests.flatMap(([at, events, answeredAt, status], request): readonly JournalEntry[] => {
      const told = events.map((event) => ({ ...nothing, ...event }))
      return [
        { kind: 'asked', request, at, told, messageIds: told.map(({ messageId }) => messageId) },
        status === null
          ? { kind: 'lost', request, at: answeredAt }
          : { kind: 'answered', request, at: answeredAt, status },
      ]
    }),
    ...mails.map(([messageId, recipient]): JournalEntry => ({ kind: 'mail', messageId, recipient, leave: null })),
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
    const found = expectRuns(seenOf(requests).events, rules)
    expect(found.map((run) => `${run.messageId} ${run.entered}/${run.ordered}/${run.mailed}`)).toEqual(expected)
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

type Mail = readonly [messageId: string, recipient: string]
const mailOf = (messageId: string, recipient = 'ann@shop.example'): Mail => [`mail-${messageId}`, recipient]
const bothMails = [mailOf('a'), mailOf('d')]

const verdict = (runs: readonly HeldRun[], mails: readonly Mail[]): readonly string[] => {
  const seen = seenOf(requests, mails)
  const judged = judgeRuns(expectRuns(seen.events, rules), runs, seen)
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
  test.each(right.map(whole))('%s', (_, runs, found, mails) => expect(verdict(runs, mails)).toEqual(found))
  test.each(wrong.map(whole))('%s is found', (_, runs, found, mails) => expect(verdict(runs, mails)).toEqual(found))
})
