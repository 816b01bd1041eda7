import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

test('after sign-in people return to the page they wanted', () => {
  expect(ownPath('/people?q=ann')).toBe('/people?q=ann')
})

test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', undefined, 7])(
  'a link cannot send them elsewhere: %s',
  (wanted) => {
    expect(ownPath(wanted)).toBe('/')
  },
)
