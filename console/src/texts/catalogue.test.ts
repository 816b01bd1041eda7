import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en } from './en.ts'

const source = join(import.meta.dirname, '..')
const workshop = join('ui', 'gallery')

const pages = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.tsx') && !path.includes('.test.') && !path.startsWith(workshop),
)

/** Attributes whose value people read or hear. */
const said =
  /\b(?:aria-label|aria-description|label|title|placeholder|description|alt|lead|confirm)="([^"]*[A-Za-z]{2}[^"]*)"/g

/** Words between tags, on one line: `>Save</` or a line of text between two lines of tags. */
const written = />\s*([A-Za-z][^<>{}=;()]*[a-z][^<>{}=;()]*)\s*<\//g

/** The product's own name is the same in every language. */
const names = new Set(['Baton'])

const catalogueKey = /^[a-z]\w*(\.[\w-]+)+$/i

const strayTexts = (code: string): readonly string[] =>
  [...code.matchAll(said), ...code.matchAll(written)]
    .map((match) => (match[1] ?? '').trim())
    .filter((text) => !names.has(text) && !catalogueKey.test(text))

test.each(pages)('every text of %s comes from the catalogue', (path) => {
  expect(strayTexts(readFileSync(join(source, path), 'utf8'))).toEqual([])
})

const leaves = (node: object, path = ''): readonly (readonly [string, unknown])[] =>
  Object.entries(node).flatMap(([key, value]): readonly (readonly [string, unknown])[] =>
    typeof value === 'object' && value !== null ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]],
  )

test('every entry of the catalogue is a text, and no key has a dot in it', () => {
  for (const [key, text] of leaves(en)) {
    expect(text, key).toBeTypeOf('string')
    expect(text, key).not.toBe('')
  }
})
