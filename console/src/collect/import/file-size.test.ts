import { expect, test } from 'vitest'
import { formatBytes } from './file-size.ts'

test.each([
  [0, /^0 ?kB$/],
  [1, /^1 ?kB$/],
  [228_327, /^229 ?kB$/],
  [6_229_341, /^6.2 ?MB$/],
  [62_500_000_000, /^62.5 ?GB$/],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes).replace(/\u00a0|\u202f/g, ' ')).toMatch(text)
})
