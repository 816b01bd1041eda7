import { messagePhase, messagePurpose, type PolicySettings } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandAs, hourMs, minuteMs, type TimeZone } from '../kernel/index.ts'
import { decide } from './decide.ts'
import { defaultPolicySettings, noPreferences } from './default-settings.ts'
import type { PolicyInput } from './policy-input.ts'

const noon = Date.parse('2026-06-10T12:00:00Z')
const utc = brandAs<TimeZone>('UTC')
const agreed = (purpose: 'sell' | 'inform' | 'coach' | 'serve', at = noon - 1000) =>
  ({ purpose, given: true, source: 'form:enquiry', wording: 'Yes', at, expiresAt: null }) as const

const input = (change: {
  message?: Partial<PolicyInput['message']>
  person?: Partial<PolicyInput['person']>
  settings?: Partial<PolicySettings>
  run?: PolicyInput['run']
  now?: number
}): PolicyInput => ({
  now: change.now ?? noon,
  run: change.run ?? 'live',
  workspaceTimeZone: utc,
  message: {
    channel: 'email',
    topic: 'orders',
    purpose: 'inform',
    phase: 'purchase',
    deadlineAt: noon + 24 * hourMs,
    ...change.message,
  },
  person: {
    address: 'ada@example.com',
    timeZone: null,
    states: [],
    consents: [agreed('inform'), agreed('sell')],
    preferences: noPreferences,
    suppressions: [],
    openIssue: false,
    contacts: [],
    ...change.person,
  },
  settings: { ...defaultPolicySettings, ...change.settings },
})

describe('decide', () => {
  test('sends when no rule objects, and says why she gets it', () => {
    const decision = decide(input({}))
    expect(decision.kind).toBe('send')
    expect(decision.customerSentence).toContain('You agreed to hear from us on 2026-06-10')
  })

  test.each([
    ['no consent', { person: { consents: [] } }, 'no-consent'],
    ['consent that expires now', { person: { consents: [{ ...agreed('inform'), expiresAt: noon }] } }, 'no-consent'],
    [
      'withdrawn consent to service',
      { message: { purpose: 'serve' }, person: { consents: [{ ...agreed('serve'), given: false }] } },
      'no-consent',
    ],
    [
      'a topic she left',
      { person: { preferences: { ...noPreferences, topicsOff: ['orders'] } } },
      'unsubscribed-topic',
    ],
    ['leaving all', { person: { preferences: { ...noPreferences, unsubscribedAll: true } } }, 'unsubscribed-all'],
    [
      'a complaint at any address',
      { person: { suppressions: [{ reason: 'complained', detail: '', at: 1, address: null }] } },
      'complained',
    ],
    [
      'a bounce of this address',
      { person: { suppressions: [{ reason: 'bounced', detail: '', at: 1, address: 'ada@example.com' }] } },
      'bounced',
    ],
    ['no address', { person: { address: null } }, 'no-address'],
    [
      'an address with a line break',
      { person: { address: 'ada@example.com\r\nRCPT TO:<eve@example.com>' } },
      'invalid-address',
    ],
    ['an ended run', { run: 'ended' }, 'run-ended'],
    ['a stopped journey', { run: 'stopped' }, 'journey-stopped'],
    [
      'selling with an open issue',
      { message: { purpose: 'sell' }, person: { openIssue: true } },
      'open-issue-no-selling',
    ],
    [
      'selling in a no-push state',
      { message: { purpose: 'sell' }, person: { states: ['conversion:facilitated-buying'] } },
      'no-push-state',
    ],
    ['a deadline that has come', { message: { deadlineAt: noon } }, 'expired'],
  ] as const)('drops for %s', (_, change, reason) => {
    expect(decide(input(change as Parameters<typeof input>[0]))).toMatchObject({ kind: 'drop', reason })
  })

  test.each([
    [
      'service after leaving all',
      { message: { purpose: 'serve' }, person: { preferences: { ...noPreferences, unsubscribedAll: true } } },
    ],
    [
      'a new address after a bounce of the old',
      { person: { suppressions: [{ reason: 'bounced', detail: '', at: 1, address: 'old@example.com' }] } },
    ],
    ['informing with an open issue', { person: { openIssue: true } }],
    ['informing in a no-push state', { person: { states: ['conversion:facilitated-buying'] } }],
    ['service without consent', { message: { purpose: 'serve' }, person: { consents: [] } }],
  ] as const)('sends %s', (_, change) => {
    expect(decide(input(change as Parameters<typeof input>[0])).kind).toBe('send')
  })

  test('a cap holds until the oldest contact leaves the window, and a hold ends at the deadline', () => {
    const contact = { channel: 'email', topic: 'orders', phase: 'purchase', purpose: 'inform' } as const
    const contacts = [noon - 10 * hourMs, noon - 20 * hourMs].map((at) => ({ ...contact, at }))
    const caps = [
      { cap: 'two', title: 'Two a day', limit: 2, windowMs: 24 * hourMs, purposes: ['inform'] as 'inform'[] },
    ]
    expect(decide(input({ person: { contacts }, settings: { caps } }))).toMatchObject({
      kind: 'hold',
      reason: 'frequency-cap',
      until: noon + 4 * hourMs,
    })
    expect(decide(input({ person: { contacts }, settings: { caps }, now: noon + 4 * hourMs })).kind).toBe('send')
    expect(
      decide(input({ person: { contacts }, settings: { caps }, message: { deadlineAt: noon + hourMs } })),
    ).toMatchObject({ kind: 'hold', until: noon + hourMs })
  })

  test('agrees with an oracle that was written apart from it', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decide(given)
        expect(decision.kind === 'send' ? 'send' : `${decision.kind}:${decision.reason}`).toBe(oracle(given))
        // and a hold is not a minute too long: it would be held by some rule until then
        if (decision.kind === 'hold') expect(decision.until).toBeGreaterThan(given.now)
        if (decision.kind === 'hold') expect(decision.until).toBeLessThanOrEqual(given.message.deadlineAt)
      }),
      { numRuns: 3000 },
    )
  })
})

/** Plain English of DOMAIN §5, without the code under test: no shared function, no shared order table. */
const oracle = ({ now, message: m, person: p, run, settings: s, workspaceTimeZone }: PolicyInput): string => {
  for (const reason of ['erased', 'suppressed', 'complained', 'bounced'])
    for (const x of p.suppressions)
      if (x.reason === reason && (!x.address || x.address === p.address?.toLowerCase())) return `drop:${reason}`
  if (!p.address) return 'drop:no-address'
  if (/[\r\n ]/.test(p.address)) return 'drop:invalid-address'
  if (run === 'ended') return 'drop:run-ended'
  if (run === 'stopped') return 'drop:journey-stopped'
  const c = p.consents.filter((x) => x.purpose === m.purpose)
  const needs = s.consentNeeded.some((x) => x === m.purpose)
  if (c.some((x) => !x.given)) return 'drop:no-consent'
  if (needs && !c.some((x) => x.given && (x.expiresAt ?? Number.POSITIVE_INFINITY) > now)) return 'drop:no-consent'
  const service = m.purpose === 'serve'
  if (p.preferences.unsubscribedAll && !service) return 'drop:unsubscribed-all'
  if (p.preferences.channelsOff.some((x) => x === m.channel)) return 'drop:unsubscribed-channel'
  if (p.preferences.topicsOff.some((x) => x === m.topic)) return 'drop:unsubscribed-topic'
  if (m.purpose === 'sell' && p.openIssue) return 'drop:open-issue-no-selling'
  if (m.purpose === 'sell' && p.states.some((x) => s.noPushStates.some((y) => y === x))) return 'drop:no-push-state'
  if (m.deadlineAt <= now) return 'drop:expired'
  if (s.killSwitch) return 'hold:kill-switch'
  if (run === 'paused') return 'hold:journey-not-live'
  if (!service && (p.preferences.pausedUntil ?? 0) > now) return 'hold:paused'
  if (s.quietHours?.purposes.some((x) => x === m.purpose)) {
    const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: p.timeZone ?? workspaceTimeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(now)
    for (
      let back = 1, length = (minutes(s.quietHours.to) - minutes(s.quietHours.from) + 1440) % 1440;
      back <= length;
      back++
    )
      if ((minutes(s.quietHours.from) + back - 1) % 1440 === minutes(wall)) return 'hold:quiet-hours'
  }
  const weekly = p.preferences.weeklyLimit
  const limits = s.caps.map((x) => ({ ...x }))
  if (weekly)
    limits.push({
      cap: 'x',
      title: 'x',
      limit: weekly,
      windowMs: 7 * 86_400_000,
      purposes: ['sell', 'inform', 'coach'],
    })
  for (const limit of limits) {
    const touches = (x: { channel: string; topic: string; phase: string; purpose: string }) =>
      limit.purposes.some((y) => y === x.purpose) &&
      [limit.channel ?? x.channel, limit.topic ?? x.topic, limit.phase ?? x.phase].join() ===
        [x.channel, x.topic, x.phase].join()
    let count = 0
    for (const x of p.contacts) if (touches(x) && now - x.at < limit.windowMs) count++
    if (touches(m) && count >= limit.limit) return 'hold:frequency-cap'
  }
  return 'send'
}

const rarely = (weight = 8) => fc.integer({ min: 0, max: weight }).map((n) => n === 0)
const purpose = fc.constantFrom(...messagePurpose.options)
const topics = fc.constantFrom('orders', 'offers', 'advice')
const phases = fc.constantFrom(...messagePhase.options)
const zones = fc
  .constantFrom('Europe/Madrid', 'America/New_York', 'Asia/Kolkata', 'UTC')
  .map((name) => brandAs<TimeZone>(name))
const clock = fc
  .integer({ min: 0, max: 1439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
const now = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) })
const facts: fc.Arbitrary<PolicyInput> = now.chain((at) => {
  const near = fc.integer({ min: -30 * 24 * 60, max: 24 * 60 }).map((minutes) => at + minutes * minuteMs)
  return fc.record({
    now: fc.constant(at),
    run: rarely(4).chain((odd) =>
      odd ? fc.constantFrom('ended' as const, 'stopped' as const, 'paused' as const) : fc.constant('live' as const),
    ),
    workspaceTimeZone: zones,
    message: fc.record({
      channel: fc.constant('email' as const),
      topic: topics,
      purpose,
      phase: phases,
      deadlineAt: fc.integer({ min: -3, max: 72 }).map((h) => at + h * hourMs),
    }),
    person: fc.record({
      address: rarely(12).chain((odd) =>
        fc.constantFrom(odd ? null : 'ada@Example.com', odd ? 'a b@example.com' : 'ada@Example.com'),
      ),
      timeZone: fc.option(zones),
      states: fc.subarray(['conversion:facilitated-buying', 'brand:loyal']),
      consents: fc.uniqueArray(
        fc.record({
          purpose,
          given: rarely(6).map((x) => !x),
          source: fc.constant('api'),
          wording: fc.constant(''),
          at: near,
          expiresAt: fc.option(near, { freq: 4 }),
        }),
        { selector: (x) => x.purpose, minLength: 2 },
      ),
      preferences: fc.record({
        topicsOff: rarely().map((x) => (x ? ['orders'] : [])),
        channelsOff: rarely(12).map((x) => (x ? (['email'] as 'email'[]) : [])),
        unsubscribedAll: rarely(),
        pausedUntil: fc.option(near),
        weeklyLimit: fc.option(fc.integer({ min: 1, max: 4 })),
      }),
      suppressions: fc.array(
        fc.record({
          reason: fc.constantFrom('suppressed' as const, 'bounced' as const, 'complained' as const, 'erased' as const),
          detail: fc.constant(''),
          at: near,
          address: fc.constantFrom(null, 'ada@example.com', 'other@example.com', 'other@example.com'),
        }),
        { maxLength: 1 },
      ),
      openIssue: rarely(3),
      contacts: fc.array(
        fc.record({ at: near, channel: fc.constant('email' as const), topic: topics, phase: phases, purpose }),
        { maxLength: 6 },
      ),
    }),
    settings: fc.record({
      quietHours: fc.option(
        fc.record({
          from: clock,
          to: clock,
          purposes: fc.constant(['sell', 'inform', 'coach'] as ('sell' | 'inform' | 'coach')[]),
        }),
      ),
      caps: fc.array(
        fc
          .record({
            limit: fc.integer({ min: 1, max: 3 }),
            days: fc.integer({ min: 1, max: 30 }),
            topic: fc.option(topics),
            phase: fc.option(phases),
          })
          .map(({ limit, days, topic, phase }) => ({
            cap: 'c',
            title: 'c',
            limit,
            windowMs: days * 24 * hourMs,
            purposes: ['sell', 'inform'] as ('sell' | 'inform')[],
            ...(topic ? { topic } : {}),
            ...(phase ? { phase } : {}),
          })),
        { maxLength: 3 },
      ),
      topics: fc.constant(defaultPolicySettings.topics),
      consentNeeded: fc.constant(defaultPolicySettings.consentNeeded),
      noPushStates: fc.constant(defaultPolicySettings.noPushStates),
      killSwitch: rarely(12),
      consentWording: fc.constant('Yes'),
    }),
  })
})
