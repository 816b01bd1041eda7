import { expect, test } from 'vitest'
import { spellOut } from './use-texts.ts'

test.each([
  ['frequency-cap', 'Frequency cap'],
  ['quiet_hours', 'Quiet hours'],
  ['wokenAt', 'Woken at'],
])('a code without a text of its own is spelt out: %s', (code, words) => {
  expect(spellOut(code)).toBe(words)
})
