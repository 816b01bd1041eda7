import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorCodes, errorsGuide } from './error-codes.ts'

const root = join(import.meta.dirname, '../../..')

test('every code that is thrown stands in the table, and every code of the table is thrown', () => {
  const sources = globSync('server/src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
  const thrown = new Set(
    sources.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/new UserError\(\s*'([^']+)'/g)].map((match) => match[1]),
    ),
  )
  expect([...thrown].sort()).toEqual(Object.keys(errorCodes).sort())
})

test('the guide lists the same codes', async () => {
  await expect(errorsGuide()).toMatchFileSnapshot(join(root, 'docs/guides/errors.md'))
})
