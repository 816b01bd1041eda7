import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inspectPlace } from './place.ts'

describe('the place Baton is started in', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'baton-place-'))
    chmodSync(folder, 0o755)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const place = (dataFolder: string, uid: number | null) => ({
    dataFolder,
    uid,
    ownsPostgres: true,
    ownsClickHouse: true,
  })

  test('is fine when the folder can be made and there is room', () => {
    expect(inspectPlace(place(join(folder, 'not', 'yet'), 1000))).toEqual([])
  })

  test("started by root, a folder below one that others can't enter is refused with the way out", () => {
    const closed = join(folder, 'home')
    mkdirSync(closed, { mode: 0o700 })
    const [finding] = inspectPlace(place(join(closed, '.baton'), 0))
    expect(finding?.what).toContain(closed)
    expect(finding?.remedy).toContain('--data /var/lib/baton')
    expect(inspectPlace({ ...place(join(closed, '.baton'), 0), ownsPostgres: false })).toEqual([])
  })

  test('a file in place of the folder is refused', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(inspectPlace(place(file, 1000))[0]?.what).toBe(`${file} is a file, not a folder`)
  })
})
