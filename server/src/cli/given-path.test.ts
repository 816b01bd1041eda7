import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { givenPath } from './given-path.ts'

afterEach(() => vi.unstubAllEnvs())

describe('a path given to a command', () => {
  test('is meant from the sub-folder npm was called in', () => {
    vi.stubEnv('INIT_CWD', '/shop/exports')
    expect(givenPath('x.csv')).toBe('/shop/exports/x.csv')
    expect(givenPath('../x.csv')).toBe('/shop/x.csv')
    expect(givenPath('/elsewhere/x.csv')).toBe('/elsewhere/x.csv')
  })

  test('is meant from the working folder without npm', () => {
    vi.stubEnv('INIT_CWD', undefined)
    expect(givenPath('x.csv')).toBe(join(process.cwd(), 'x.csv'))
  })
})
