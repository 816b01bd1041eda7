import type { PersonPolicy } from '@baton/contract'
import { expect, test } from 'vitest'
import { consentChange, consentValues } from './consent-change.ts'

const allowed: PersonPolicy = {
  consents: [{ purpose: 'sell', given: true, source: 'form', wording: 'yes', at: 1, expiresAt: null }],
  preferences: {
    topicsOff: [],
    channelsOff: [],
    unsubscribedAll: false,
    pausedUntil: 1_795_300_000_000,
    weeklyLimit: 2,
  },
  suppressions: [],
  timeZone: null,
}

test('an answer that stands keeps its own source and time: it is not sent again', () => {
  const change = consentChange(consentValues(allowed), allowed)
  expect(change).toEqual({})
})

test('only the limit was changed: that she unsubscribed meanwhile is not undone', () => {
  expect(consentChange({ ...consentValues(allowed), weeklyLimit: 5 }, allowed)).toEqual({
    preferences: { weeklyLimit: 5 },
  })
  expect(consentChange({ ...consentValues(allowed), unsubscribedAll: true }, allowed)).toEqual({
    preferences: { unsubscribedAll: true },
  })
})

test('of the topics only those are named that she leaves or takes again', () => {
  const before = { ...allowed, preferences: { ...allowed.preferences, topicsOff: ['news', 'offers'] } }
  expect(consentChange({ ...consentValues(before), topicsOff: ['offers', 'advice'] }, before)).toEqual({
    topics: { off: ['advice'], on: ['news'] },
  })
})

test('what she said anew carries where she said it', () => {
  const values = { ...consentValues(allowed), source: ' till ' }
  const change = consentChange(
    { ...values, answers: { ...values.answers, sell: 'withdrawn', coach: 'given' } },
    allowed,
  )
  expect(change.consents?.map(({ purpose, given, source }) => [purpose, given, source])).toEqual([
    ['sell', false, 'till'],
    ['coach', true, 'till'],
  ])
})

test('a limit and a pause that are emptied are lifted', () => {
  const change = consentChange({ ...consentValues(allowed), pausedUntil: '', weeklyLimit: '' }, allowed)
  expect(change.preferences).toMatchObject({ pausedUntil: null, weeklyLimit: null })
})
