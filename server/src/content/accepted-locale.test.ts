import { expect, test } from 'vitest'
import { acceptedLocale } from './accepted-locale.ts'

test.each([
  ['de-at,de;q=0.9,en;q=0.8', 'de-AT'],
  ['en;q=0.5, es-ES', 'es-ES'],
  ['fr, it', 'fr'],
  ['*, pt-br;q=0.1', 'pt-BR'],
  ['zh-hans-cn', 'zh-Hans-CN'],
  ['en;q=0', null],
  ['*', null],
  ['', null],
  [undefined, null],
  ['<script>,"; drop', null],
  ['english', null],
  [`en-${'abcdefgh-'.repeat(9)}x`, null],
  ['xx;q=2, nl', 'nl'],
])('“%s” asks for %s', (header, locale) => {
  expect(acceptedLocale(header)).toBe(locale)
})
