import { describe, expect, test } from 'vitest'
import { type BenchResult, verdict, withLoadBefore } from './bench.ts'
import { boundBy } from './bound-by.ts'

const aimSizes = { people: 1_000_000, rules: 50 }
const clean = { 'requests were refused': 0, 'events are missing': 0 }

describe('a bench claims its aim', () => {
  test.each([
    ['at its sizes, when it was reached', { sizes: aimSizes, wrong: clean, reached: true }, true],
    ['not when it was not reached', { sizes: aimSizes, wrong: clean, reached: false }, false],
    ['at larger sizes, too', { sizes: { people: 2_000_000, rules: 50 }, wrong: clean, reached: true }, true],
    ['neither way at smaller ones', { sizes: { people: 200_000, rules: 50 }, wrong: clean, reached: true }, null],
    ['neither way when slow at smaller ones', { sizes: { people: 1, rules: 50 }, wrong: clean, reached: false }, null],
  ])('%s', (_, run, met) => {
    expect(verdict({ ...run, aimSizes })).toEqual({ met, faults: [] })
  })

  test('at no size when something is missing or wrong, and says what', () => {
    const wrong = { ...clean, 'events are missing': 3 }
    for (const people of [1_000_000, 1_000])
      expect(verdict({ sizes: { people, rules: 50 }, aimSizes, wrong, reached: true })).toEqual({
        met: false,
        faults: ['3 events are missing'],
      })
  })

  test('never on a machine that was busy with something else', () => {
    const line = (met: boolean | null): BenchResult => ({
      name: 'ingest',
      figure: 1,
      unit: '',
      reference: 1,
      referenceName: '',
      ratio: 1,
      aim: '',
      met,
      faults: [],
    })
    expect([true, false, null].map((met) => withLoadBefore(line(met), 0.51).met)).toEqual([null, false, null])
    expect(withLoadBefore(line(true), 0.51)).toMatchObject({ void: 'load average was 0.51 at the start' })
    expect(withLoadBefore(line(true), 0.5)).toEqual(line(true))
  })
})

test.each([
  [
    { api: 30, worker: 84, PostgreSQL: 46, ClickHouse: 30 },
    'both cores: worker 42 %, PostgreSQL 23 %, api 15 %, ClickHouse 15 %',
  ],
  [
    { worker: 95, PostgreSQL: 25 },
    'one thread: worker is busy 95 % of the time (cores 60 % busy: worker 48 %, PostgreSQL 13 %)',
  ],
  [{ worker: 20, PostgreSQL: 95 }, 'waiting, not the processor (cores 58 % busy: PostgreSQL 48 %, worker 10 %)'],
])('what bounds a figure: %o', (cpuSeconds, words) => {
  expect(boundBy(cpuSeconds, { seconds: 100, cores: 2 })).toBe(words)
})
