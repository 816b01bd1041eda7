import { collectCalls } from '@baton/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brandAs, type Position } from '../kernel/index.ts'
import type { ReadEvent } from './parse-event.ts'
import { readRequests } from './read-requests.ts'

const receivedAt = Date.UTC(2026, 0, 2, 12)
const read = (call: string, body: unknown) =>
  readRequests([{ head: { source: 'test', call }, body: Buffer.from(JSON.stringify(body)) }], {
    position: brandAs<Position>(1),
    receivedAt,
  })

/** What a body may hold, mostly as it should be. */
const mostly = (right: fc.Arbitrary<unknown>, ...wrong: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) })
const id = mostly(
  fc.oneof(fc.string({ minLength: 1 }), fc.integer()),
  'u-1',
  ' u ',
  '',
  ' ',
  null,
  true,
  'x'.repeat(257),
  {},
)
const iso = fc.date({ min: new Date(0), noInvalidDate: true }).map((date) => date.toISOString())
const time = mostly(
  fc.oneof(iso, fc.nat(), fc.double({ min: 0 })),
  -1,
  'yesterday',
  '',
  null,
  '2026-01-01',
  '1960-01-01',
  false,
)
const open = mostly(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), null, 'text', [])
const callOf = (type: string) =>
  fc.record(
    {
      type: mostly(fc.constant(type), 'identify', 'alias', type.toUpperCase(), 'sale'),
      event: mostly(fc.string({ minLength: 1 }), 'Order Completed', ' ', 'x'.repeat(201), 7),
      name: mostly(fc.string(), null, 3),
      userId: id,
      anonymousId: id,
      previousId: id,
      groupId: id,
      messageId: id,
      timestamp: time,
      originalTimestamp: time,
      sentAt: time,
      properties: open,
      traits: open,
      context: open,
      more: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ['userId', 'event'] },
  )
const names = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
const isTimedInWholeMs = (event: ReadEvent) => event.kind === 'event' && Number.isSafeInteger(event.occurredAt)
const hasNullCharacter = (value: unknown): boolean => JSON.stringify(value).includes('\\u0000')

describe('what the OpenAPI document says of a collect call is true', () => {
  test.each(names)('%s: what fits is an event', (name) => {
    let fitting = 0
    fc.assert(
      fc.property(callOf(name), (body) => {
        if (hasNullCharacter(body)) return
        if (!collectCalls[name].safeParse(body).success) return
        fitting += 1
        const [event] = read(name, body)
        expect(event).toMatchObject({ kind: 'event', type: body.type ?? name })
        expect(event).toSatisfy(isTimedInWholeMs)
      }),
      { numRuns: 400 },
    )
    expect(fitting).toBeGreaterThan(50)
  })

  test('batch: each of what fits is an event', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...names.map(callOf)), { maxLength: 3 }), time, (batch, sentAt) => {
        if (hasNullCharacter(batch)) return
        if (!collectCalls.batch.safeParse({ batch, sentAt }).success) return
        expect(read('batch', { batch, sentAt }).map(({ kind }) => kind)).toEqual(batch.map(() => 'event'))
      }),
      { numRuns: 400 },
    )
  })

  test('what Segment’s own libraries send fits', () => {
    const body = {
      type: 'track',
      event: 'Order Completed',
      userId: null,
      anonymousId: 'b4e3',
      messageId: 'node-next-1700000000000-1',
      timestamp: '2026-01-02T10:00:00.000Z',
      properties: { total: 12.5, products: [{ sku: 'A' }] },
      context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
      integrations: {},
      _metadata: { nodeVersion: '26' },
    }
    expect(collectCalls.track.safeParse(body).success).toBe(true)
    const batch = { batch: [body], sentAt: '2026-01-02T10:00:01.000Z', writeKey: 'k' }
    expect(collectCalls.batch.safeParse(batch).success).toBe(true)
  })
})
