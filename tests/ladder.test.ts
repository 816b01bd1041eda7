import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const rules: Required<Pick<ICruiseOptions, 'ruleSet'>>['ruleSet'] & { options: ICruiseOptions } = createRequire(
  import.meta.url,
)(join(root, '.dependency-cruiser.cjs'))
const folders = ['contract/src', 'server/src', 'console/src']

const read = async (): Promise<ICruiseResult> => {
  const { output } = await cruise(folders, {
    ...rules.options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: rules.forbidden ?? [] },
  })
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text where a result was expected')
  return output
}

test('every import goes up the ladder, through front doors, and nobody opens connections of his own', {
  timeout: 120_000,
}, async () => {
  const result = await read()
  const violations = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
  expect(violations).toEqual([])
  // With a TypeScript it does not understand, dependency-cruiser reads nothing and is content.
  const readModules = new Set(result.modules.map(({ source }) => source))
  const unread = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: root },
  ).filter((file) => !file.endsWith('.d.ts') && !readModules.has(file))
  expect(unread).toEqual([])
  expect(readModules.size).toBeGreaterThan(100)
})

test('fetch, which needs no import, is called only where connections may be opened', () => {
  const allowed = /^server\/src\/(channels\/egress|stores\/|cli\/)|\.test\.ts$/
  const callers = globSync('server/src/**/*.ts', { cwd: root }).filter(
    (file) => !allowed.test(file) && /(?<![\w.'"`/-])fetch\(/.test(readFileSync(join(root, file), 'utf8')),
  )
  expect(callers).toEqual([])
})
