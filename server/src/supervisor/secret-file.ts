import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The installation's secret, made at the first start; readable by its owner only. */
export const readSecret = (dataFolder: string): string => {
  const path = join(dataFolder, 'secret')
  const known = readWhole(path)
  if (known !== null) return known
  mkdirSync(dataFolder, { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, randomBytes(32).toString('base64url'), { mode: 0o600 })
  try {
    linkSync(fresh, path)
  } catch (error) {
    // Another process made it at the same instant: that one counts.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(fresh, { force: true })
  }
  return readFileSync(path, 'utf8')
}

const readWhole = (path: string): string | null => {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return text.length >= 32 ? text : null
  } catch {
    return null
  }
}
