import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestElementBytes } from './batch-elements.ts'
import { rawEventsOf } from './blank-events.ts'
import { decodeBatch, encodeBatch } from './frame.ts'
import { readEvent } from './parse-event.ts'
import { readRequests } from './read-requests.ts'

const origin = {
  head: { source: 'test', call: 'batch' },
  receivedAt: 1_000_000_000_000,
  sentAt: undefined,
  place: '1:0',
}
const noonMs = Date.UTC(2026, 0, 2, 12)

describe('the log keeps a request byte for byte', () => {
  test('whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ source: fc.string(), call: fc.string(), body: fc.uint8Array({ maxLength: 500 }) })),
        (requests) => {
          const logged = requests.map(({ source, call, body }) => ({ head: { source, call }, body: Buffer.from(body) }))
          expect(decodeBatch(encodeBatch(logged))).toEqual(logged)
        },
      ),
    )
  })
})

describe('the size of an event in a batch', () => {
  test('is that of its text, whatever it is and whatever quotes and braces it holds', () => {
    const event = fc.oneof(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.json())), fc.jsonValue())
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const expected = Math.max(0, ...events.map((event) => Buffer.byteLength(JSON.stringify(event))))
        expect(largestElementBytes(Buffer.from(JSON.stringify({ sentAt: '}{]["\\', batch: events })))).toBe(expected)
      }),
    )
  })
})

describe('an event', () => {
  test('happened when its own clock says, corrected by that clock’s error', () => {
    const event = readEvent(
      { type: 'track', event: 'Order Completed', userId: 'u', timestamp: '2026-01-02T10:00:00Z' },
      { ...origin, receivedAt: noonMs, sentAt: '2026-01-02T11:00:00Z' },
    )
    expect(event).toMatchObject({ kind: 'event', occurredAt: noonMs - 3_600_000, historic: false })
  })

  test('says itself whose it is only where Baton wrote it', () => {
    const subjectId = '01890000-0000-7000-8000-000000000001'
    const raw = { type: 'track', event: 'Replied', subjectId }
    const internal = { ...origin, head: { ...origin.head, internal: true } }
    expect(readEvent(raw, internal)).toMatchObject({ kind: 'event', subjectId, userId: null, anonymousId: null })
    expect(readEvent(raw, origin)).toMatchObject({ kind: 'refused', reason: 'missing-identity' })
    expect(readEvent({ ...raw, userId: 'u' }, origin)).not.toHaveProperty('subjectId')
    expect(readEvent({ ...raw, subjectId: 'me' }, internal)).toMatchObject({ reason: 'missing-identity' })
  })

  test('never happened after it was received', () => {
    const event = readEvent(
      { type: 'track', event: 'Later', userId: 'u', timestamp: '2026-01-02T12:30:00Z' },
      { ...origin, receivedAt: noonMs },
    )
    expect(event).toMatchObject({ occurredAt: noonMs })
  })

  test.each([
    ['a fraction of a millisecond is cut off', { timestamp: noonMs - 0.25 }, noonMs - 1],
    ['of a sender’s clock, too', { timestamp: noonMs - 5_000.5, sentAt: noonMs - 1_000.75 }, noonMs - 4_000],
    ['there is no time less than nothing', { timestamp: -0 }, 0],
    ['a clock that no date can tell is not trusted', { timestamp: noonMs - 1, sentAt: 1e300 }, noonMs - 1],
  ])('is timed in whole milliseconds: %s', (_, times, occurredAt) => {
    const event = { type: 'track', event: 'Timed', userId: 'u', ...times }
    expect(readEvent(event, { ...origin, receivedAt: noonMs })).toMatchObject({ kind: 'event', occurredAt })
  })

  test('more than a day late is historic', () => {
    const event = readEvent(
      { type: 'track', event: 'Old', userId: 'u', timestamp: '2026-01-01T11:59:00Z' },
      { ...origin, receivedAt: noonMs },
    )
    expect(event).toMatchObject({ historic: true })
  })

  test.each([
    [null, 'not-an-object'],
    [{ type: 'wave', userId: 'u' }, 'unknown-type'],
    [{ type: 'track', userId: 'u' }, 'missing-event-name'],
    [{ type: 'track', event: 'x' }, 'missing-identity'],
    [{ type: 'track', event: 'x', userId: '  ' }, 'missing-identity'],
    [{ type: 'track', event: 'x', userId: 'u', timestamp: 'yesterday' }, 'bad-time'],
    [{ type: 'track', event: 'x', userId: 'u', timestamp: -0.5 }, 'bad-time'],
    [{ type: 'track', event: 'x', userId: 'u', timestamp: 8.65e15 }, 'bad-time'],
    [{ type: 'alias', userId: 'u' }, 'missing-previous-id'],
  ])('%j is set aside: %s', (raw, reason) => {
    expect(readEvent(raw, origin)).toMatchObject({ kind: 'refused', reason })
  })

  test('with U+0000 is set aside alone, the rest of its batch kept', () => {
    const bad = { type: 'track', event: 'a\u0000b', userId: 'u' }
    const good = { type: 'track', event: 'fine \\u0000 as text', userId: 'u' }
    const body = Buffer.from(JSON.stringify({ batch: [bad, good] }))
    const read = readRequests([{ head: origin.head, body }], { position: 1 as never, receivedAt: noonMs })
    expect(read.map((event) => event.kind)).toEqual(['refused', 'event'])
  })

  test('nested a hundred thousand deep is set aside alone, whatever stands at its bottom', () => {
    for (const bottom of ['"\\u0000"', '"\\ud800"', '1']) {
      const deep = `{"type":"track","event":"A","userId":"u","properties":{"a":${'['.repeat(1e5)}${bottom}${']'.repeat(1e5)}}}`
      const body = Buffer.from(`{"batch":[${deep},{"type":"track","event":"A\\ud800","userId":"u","messageId":"m"}]}`)
      const read = readRequests([{ head: origin.head, body }], { position: 1 as never, receivedAt: noonMs })
      expect(read[0]).toMatchObject({ kind: 'refused', reason: 'too-deep' })
      expect(read[1]).toMatchObject({ kind: 'event', name: 'A\ufffd' })
    }
  })

  test('whose type is a value that nothing can be written of costs no other its place', () => {
    const type = `{"0":${'['.repeat(15_000)}1${']'.repeat(15_000)}}`
    const body = Buffer.from(`{"batch":[{"type":${type}},{"type":"track","event":"A","userId":"u"}]}`)
    const read = readRequests([{ head: origin.head, body }], { position: 1 as never, receivedAt: noonMs })
    expect(read).toMatchObject([
      { kind: 'refused', reason: 'unknown-type', detail: 'type is an object', bytes: Buffer.from(`{"type":${type}}`) },
      { kind: 'event', name: 'A' },
    ])
  })

  test('of a request that is no JSON any more is lost alone; the other requests of its log batch are read', () => {
    const request = (text: string) => ({ head: origin.head, body: Buffer.from(text) })
    const broken = request('{"batch":[\u0000')
    const good = request('{"batch":[{"type":"track","event":"A","userId":"u"}]}')
    const requests = [broken, good]
    const read = readRequests(requests, { position: 1 as never, receivedAt: noonMs })
    expect(read).toMatchObject([
      { kind: 'refused', reason: 'unreadable', bytes: broken.body },
      { kind: 'event', name: 'A' },
    ])
    expect(requests.flatMap(rawEventsOf)).toHaveLength(read.length)
  })

  test('may not call itself one of Baton’s own', () => {
    expect(readEvent({ type: 'system', action: 'undo-merge' }, origin)).toMatchObject({ kind: 'refused' })
  })
})
