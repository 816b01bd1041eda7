import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evidence, keepSample, watermark } from '../jobs/index.ts'
import { brandAs, type Instant, type Position, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { PeopleBatch } from '../people/index.ts'
import { dueBatches } from './due-batches.ts'
import { evidenceOfBatch, longestWriteMs } from './watermark.ts'

const at = (position: number): Position => brandAs<Position>(position)

const batch = (position: number, ...received: readonly Instant[]): PeopleBatch => ({
  workspaceId: brandAs<WorkspaceId>('w'),
  lane: 'live',
  position: at(position),
  receivedAt: received[0] ?? 0,
  events: received.map((receivedAt, index) => ({
    messageId: `${position}.${index}`,
    type: 'track',
    name: 'Order Completed',
    subjectId: brandAs<SubjectId>('s'),
    occurredAt: receivedAt,
    receivedAt,
    historic: false,
    properties: {},
    context: {},
  })),
  personOf: new Map(),
  changedPersons: [],
  reshapedPersons: [],
  orderIds: [],
})
const everything = () => true

describe('watermark', () => {
  const reading = (settled: number, unhandled: number | null = null, cutOffAfter: number | null = null) => ({
    settled: at(settled),
    unhandled: [unhandled === null ? null : at(unhandled)],
    cutOffAfter: cutOffAfter === null ? null : at(cutOffAfter),
  })
  const samples: readonly Evidence[] = [
    { at: 1_000, from: at(10) },
    { at: 2_000, from: at(20) },
    { at: 3_000, from: at(30) },
  ]
  const cases: [string, Parameters<typeof watermark>[0], Instant | null][] = [
    ['all settled and handled: the newest sample', reading(30), 3_000],
    ['a write from before the newest sample goes on: the one before', reading(29), 2_000],
    ['people are behind: what began before their next batch', reading(40, 15), 1_000],
    ['the reading was cut off: what lies before the rest', reading(40, null, 19), 2_000],
    ['nothing is known yet', reading(5), null],
  ]
  it.each(cases)('%s', (_name, given, expected) => {
    expect(watermark(given, samples, 9_000)).toBe(expected)
  })

  it('is never after the clock, which may have been set back', () => {
    expect(watermark(reading(30), samples, 2_500)).toBe(2_500)
    expect(keepSample(samples, { at: 500, from: at(40) })).toEqual([{ at: 500, from: 40 }])
  })

  it('a batch that was read vouches for all but the second its write may have lasted', () => {
    expect(watermark(reading(40, null, 50), [evidenceOfBatch(batch(50, 7_000))], 9_000)).toBe(null)
    expect(watermark(reading(60, null, 50), [evidenceOfBatch(batch(50, 7_000))], 9_000)).toBe(7_000 - longestWriteMs)
  })

  it('keeps a bounded number of samples, the newest among them', () => {
    let kept: readonly Evidence[] = []
    for (let index = 1; index <= 10_000; index += 1) kept = keepSample(kept, { at: index, from: at(index) })
    expect(kept.length).toBeLessThanOrEqual(40)
    expect(kept.at(-1)).toEqual({ at: 10_000, from: 10_000 })
  })
})

describe('due batches', () => {
  it('two collectors whose stamps cross are applied in order of receipt', () => {
    const due = dueBatches([batch(1, 105), batch(2, 101)], everything, 200, 100)
    expect(due.events.map((event) => event.receivedAt)).toEqual([101, 105])
    expect(due).toMatchObject({ to: 2, until: 200, waitingFrom: null })
  })

  it('a batch waits whose neighbour, received earlier, may not be applied yet', () => {
    expect(dueBatches([batch(1, 90), batch(2, 105), batch(3, 101)], everything, 103, 100)).toMatchObject({
      to: 1,
      until: 101,
      waitingFrom: 101,
    })
  })

  it('batches that nobody listens to are passed, whatever the watermark', () => {
    expect(dueBatches([batch(1, 90), batch(2, 95)], () => false, null, 100)).toMatchObject({ to: 2, waitingFrom: null })
  })

  it('takes no more than it may, but at least one batch', () => {
    expect(dueBatches([batch(1, 1, 1, 1), batch(2, 2)], everything, 9, 2)).toMatchObject({
      to: 1,
      more: true,
      until: 2,
    })
  })

  it('never applies an event before one that was received earlier, and never past the watermark', () => {
    const batches = fc.array(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 3 }), { maxLength: 8 })
    fc.assert(
      fc.property(batches, fc.option(fc.nat({ max: 45 })), fc.integer({ min: 1, max: 6 }), (received, mark, most) => {
        const all = received.map((instants, index) => batch(index + 1, ...instants))
        const due = dueBatches(all, everything, mark, most)
        const rest = all.filter(({ position }) => due.to === null || position > due.to).flatMap(({ events }) => events)
        const applied = due.events.map((event) => event.receivedAt)
        expect(applied.length + rest.length).toBe(received.flat().length)
        expect(applied).toEqual(applied.toSorted((left, right) => left - right))
        for (const event of rest) {
          expect(applied.every((instant) => instant <= event.receivedAt)).toBe(true)
          if (due.until !== null) expect(event.receivedAt).toBeGreaterThanOrEqual(due.until)
        }
        if (applied.length > 0) expect(Math.max(...applied)).toBeLessThanOrEqual(mark ?? -1)
      }),
    )
  })
})
