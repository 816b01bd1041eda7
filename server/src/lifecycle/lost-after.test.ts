import { describe, expect, test } from 'vitest'
import { defaultLifeCycle } from './default-tracks.ts'
import { suggestLostAfter, withLostAfter } from './lost-after.ts'

const gaps = { gaps: 400, people: 150, historyDays: 365, median: 21, p90: 74, p95: 101 }

describe('after how many days somebody is lost', () => {
  test('is when nine of ten who bought again had done so', () => {
    expect(suggestLostAfter(gaps)).toBe(74)
    expect(suggestLostAfter({ ...gaps, p90: 0 })).toBe(1)
  })

  test('is not proposed by few gaps, or by a history that can hold no long ones', () => {
    expect(suggestLostAfter({ ...gaps, gaps: 29 })).toBeNull()
    expect(suggestLostAfter({ ...gaps, historyDays: 147 })).toBeNull()
    expect(suggestLostAfter({ ...gaps, gaps: 0, median: null, p90: null, p95: null })).toBeNull()
  })

  test('changes all rules that ask for it, and nothing else', () => {
    const traits = ['email', 'firstName']
    expect(withLostAfter(defaultLifeCycle(traits, 180), 74)).toEqual(defaultLifeCycle(traits, 74))
    // As it comes back from the store, where keys stand in another order.
    const stored = JSON.parse(JSON.stringify(defaultLifeCycle(traits, 180)), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    )
    expect(withLostAfter(stored, 74)).toEqual(defaultLifeCycle(traits, 74))
  })

  test('is not changed where the rules of the track are no longer those it began with', () => {
    const { tracks, ...rest } = defaultLifeCycle()
    const renamed = tracks.map((track) => (track.track === 'conversion' ? { ...track, title: 'Money' } : track))
    expect(withLostAfter({ ...rest, tracks: renamed }, 74)).toBeNull()
  })
})
