import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../kernel/index.ts'

const pathIn = (dataFolder: string): string => join(dataFolder, 'secret')
const fewestCharacters = 32

/** The secret that a start left in the data folder; null where there is none. Throws an OperatorError when it can't be read. */
export const findSecret = (dataFolder: string): string | null => {
  const path = pathIn(dataFolder)
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw new OperatorError(`${path} can't be read by this user. Run this as the user that the server runs as.`, {
      cause: error,
    })
  }
  if (text.length >= fewestCharacters) return text
  throw new OperatorError(`${path} was cut short. Put the file "secret" of a backup in its place.`)
}

/** The one of the data folder, made if there is none; readable by its owner only. */
export const makeSecret = (dataFolder: string): string => {
  return findSecret(dataFolder) ?? keepSecret(dataFolder, randomBytes(32).toString('base64url'))
}

/** Puts it into the data folder, whole or not at all; answers the one that is there then, if another process was first. */
export const keepSecret = (dataFolder: string, secret: string): string => {
  const path = pathIn(dataFolder)
  mkdirSync(dataFolder, { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, secret, { mode: 0o600, flush: true })
  try {
    linkSync(fresh, path)
  } catch (error) {
    // Another process made it at the same instant: that one counts.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(fresh, { force: true })
  }
  return readFileSync(path, 'utf8').trim()
}
