import type { Home } from '@baton/contract'
import { expect, test } from 'vitest'
import { attentionOf } from './attention.ts'

const quiet: Home = {
  asOf: 1,
  currency: 'EUR',
  equity: null,
  lifeCycle: [
    {
      track: 'brand',
      title: 'Brand status',
      states: [{ state: 'loyal', title: 'Loyal', phase: 'post-purchase', count: 9, atRisk: 0 }],
    },
  ],
  today: {
    since: 1_700_000_000_000,
    events: 0,
    newPeople: 0,
    orders: 0,
    revenue: null,
    messages: { accepted: 4 },
    eventsByHour: [],
  },
  checklist: [],
}

test('nothing dropped, late or failing asks for nothing', () => {
  expect(attentionOf(quiet, undefined)).toEqual([])
})

test('what failed comes before what waits, and each leads to where it is explained', () => {
  const lines = attentionOf(
    {
      ...quiet,
      today: { ...quiet.today, messages: { held: 3, refused: 1 } },
      lifeCycle: (quiet.lifeCycle ?? []).map((track) => ({
        ...track,
        states: track.states.map((state) => ({ ...state, atRisk: 2 })),
      })),
    },
    undefined,
  )
  expect(lines.map(({ id, to }) => [id, to])).toEqual([
    ['refused', '/messages?state=refused&from=1700000000000'],
    ['held', '/messages?state=held&from=1700000000000'],
    ['brand:loyal', '/lifecycle?risk=brand:loyal'],
  ])
})
