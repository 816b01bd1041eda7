import { describe, expect, test } from 'vitest'
import { type JournalEntry, testimonyOf } from './witness-journal.ts'
import { judgeErasures, judgeLog, judgeMails, judgeProjection, type ListedErasure } from './witness-verdict.ts'

const asks = (request: number, ...messageIds: string[]): JournalEntry => ({
  kind: 'asked',
  request,
  at: request,
  path: '/v1/batch',
  messageIds,
  told: [],
})

/** `a` was acknowledged, `b` asked and never answered, `c` asked, lost, asked again and acknowledged, `d` refused. */
const entries: readonly JournalEntry[] = [
  asks(1, 'a'),
  { kind: 'answered', request: 1, at: 10, status: 200 },
  asks(2, 'b'),
  asks(3, 'c'),
  { kind: 'lost', request: 3, at: 11 },
  asks(4, 'c'),
  { kind: 'answered', request: 4, at: 12, status: 200 },
  asks(5, 'd'),
  { kind: 'answered', request: 5, at: 13, status: 503 },
]
const seen = testimonyOf(entries)
const counts = (of: Readonly<Record<string, number>>) => new Map(Object.entries(of))
const numbers = ({ lost, doubled, phantom }: ReturnType<typeof judgeLog>) => [lost.count, doubled.count, phantom.count]

describe('the witness', () => {
  test('knows what was asked, what was acknowledged and what nobody knows', () => {
    expect([...seen.asked]).toEqual(['a', 'b', 'c', 'd'])
    expect([...seen.acknowledged]).toEqual(['a', 'c'])
    expect(seen).toMatchObject({ requests: 5, unanswered: 2 })
  })

  test.each([
    ['all is well', ['a', 'c'], [0, 0, 0]],
    ['what was asked without an answer may stand or not', ['a', 'b', 'c', 'd'], [0, 0, 0]],
    ['an acknowledged event is missing', ['a', 'b'], [1, 0, 0]],
    ['one stands there that nobody sent', ['a', 'c', 'x'], [0, 0, 1]],
  ])('in the log: %s', (_, logged, expected) => {
    expect(numbers(judgeLog(seen, new Set(logged)))).toEqual(expected)
  })

  test.each([
    ['all is well', { a: 1, c: 1 }, [0, 0, 0]],
    ['one is missing', { a: 1 }, [1, 0, 0]],
    ['one stands twice', { a: 2, c: 1 }, [0, 1, 0]],
    ['one stands twice that was never acknowledged', { a: 1, b: 2, c: 1 }, [0, 1, 0]],
    ['one stands there that nobody sent', { a: 1, c: 1, x: 1 }, [0, 0, 1]],
  ])('in ClickHouse: %s', (_, projected, expected) => {
    expect(numbers(judgeProjection(seen, counts(projected)))).toEqual(expected)
  })

  test.each([
    ['all is well', { m: 1 }, { m: 'accepted', n: 'dropped' }, [0, 0, 0]],
    ['an uncertain one may have arrived or not', { m: 1 }, { m: 'uncertain', n: 'uncertain' }, [0, 0, 0]],
    ['called accepted and never arrived', {}, { m: 'accepted' }, [1, 0, 0]],
    ['arrived twice', { m: 2 }, { m: 'accepted' }, [0, 1, 0]],
    ['arrived although dropped', { m: 1 }, { m: 'dropped' }, [0, 0, 1]],
    ['arrived and in no ledger', { m: 1 }, {}, [0, 0, 1]],
  ])('mail: %s', (_, mails, ledger, expected) => {
    expect(numbers(judgeMails(counts(mails), new Map(Object.entries(ledger))))).toEqual(expected)
  })

  const ann = { id: 'ann', personId: 'person-ann', erasureId: 'erasure-ann' }
  /** She asked, and nobody knows whether it was taken. */
  const ben = { id: 'ben', personId: 'person-ben', erasureId: null }
  const ofAnn: ListedErasure = { erasureId: 'erasure-ann', personIds: ['person-ann'], state: 'done' }
  const ofBen: ListedErasure = { erasureId: 'erasure-ben', personIds: ['phone', 'person-ben'], state: 'done' }
  const cases: readonly (readonly [string, readonly ListedErasure[], readonly string[], readonly string[]])[] = [
    ['all is well', [ofAnn, ofBen], [], []],
    ['what nobody knows need not have been done', [ofAnn], ['ben'], []],
    ['an erasure that is lost', [ofBen], [], ['lost 1']],
    ['another one in its place', [{ ...ofAnn, erasureId: 'other' }], [], ['lost 1']],
    ['two of one person', [ofAnn, { ...ofAnn, erasureId: 'other' }], [], ['doubled 1']],
    ['one that nobody asked for', [ofAnn, { ...ofAnn, personIds: ['cat'] }], [], ['phantom 1']],
    ['one that stopped half-way', [{ ...ofAnn, state: 'cleared' }], [], ['undone 1']],
    ['something of hers that was left', [ofAnn, ofBen], ['ann', 'ben'], ['standing 2']],
  ]
  test.each(cases)('erasures: %s', (_, listed, left, expected) => {
    const standing = left.map((id) => ({ place: 'log_batch', id }))
    const judged = Object.entries({ ...judgeErasures([ann, ben], listed, standing) })
    expect(judged.flatMap(([name, { count }]) => (count > 0 ? [`${name} ${count}`] : []))).toEqual(expected)
  })
})
