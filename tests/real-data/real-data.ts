import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'vitest'

const folder = resolve(process.env.BATON_REAL_DATA ?? join(import.meta.dirname, '../../../shared/data'))

/** The path of a file of real data. */
export const realDataPath = (path: string): string => join(folder, path)

export const readRealData = (path: string): string => readFileSync(realDataPath(path), 'utf8')

/** A test on these files; skipped, by name, where one of them is not there. */
export const testOnRealData = (...paths: readonly string[]) =>
  test.skipIf(!paths.every((path) => existsSync(realDataPath(path))))
