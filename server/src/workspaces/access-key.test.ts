import { expect, test } from 'vitest'
import { hashSecret, looksLikeKey, newAccessKey } from './access-key.ts'

test('a key is shown whole once, kept as a hash, and told from others by its beginning', () => {
  const made = newAccessKey('api')
  expect(looksLikeKey(made.key)).toBe(true)
  expect(made.hash).toEqual(hashSecret(made.key))
  expect(made.key.startsWith(made.hint.slice(0, -1))).toBe(true)
  expect(made.hint).toHaveLength('baton_api_'.length + 5)
  expect(newAccessKey('api').key).not.toBe(made.key)
})

test('what can not be a key is not looked up', () => {
  for (const text of [
    '',
    'x',
    'baton_api_',
    `baton_admin_${'a'.repeat(43)}`,
    `${newAccessKey('write').key} `,
    `baton_api_${'a'.repeat(101)}`,
  ]) {
    expect(looksLikeKey(text), text).toBe(false)
  }
})
