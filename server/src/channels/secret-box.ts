import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../kernel/index.ts'

/** Seals settings with secrets, and derives keys for signing; from one key file in the data folder. */
export interface SecretBox {
  /** AES-256-GCM with a fresh nonce; `context` must be the same to open it again. */
  seal(text: string, context: string): string
  open(sealed: string, context: string): string
  /** A key of its own for each use: HKDF-SHA256 (RFC 5869). */
  key(use: string): Buffer
}

const fileName = 'secret.key'

/** Reads the key file, or makes it (32 random bytes, readable by the owner only). */
export const openSecretBox = (dataFolder: string): SecretBox => {
  const path = join(dataFolder, fileName)
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const root = readKey(path) ?? makeKey(path)
  if (root.length !== 32)
    throw new OperatorError(`${path} is not a key of Baton. Put the one from your backup back in its place.`)
  return secretBoxOf(root)
}

/** Two processes that start at once make one key: whoever comes second reads the first one's. */
const makeKey = (path: string): Buffer => {
  try {
    const file = openSync(path, 'wx', 0o600)
    const key = randomBytes(32)
    writeSync(file, key)
    fsyncSync(file)
    closeSync(file)
    return key
  } catch (error) {
    if (isCode(error, 'EEXIST')) return readKey(path) ?? Buffer.alloc(0)
    throw error
  }
}

const readKey = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}
const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

export const secretBoxOf = (root: Buffer): SecretBox => {
  const key = (use: string) => Buffer.from(hkdfSync('sha256', root, '', `baton ${use}`, 32))
  const sealing = key('settings')
  return {
    key,
    seal: (text, context) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open: (sealed, context) => {
      const bytes = Buffer.from(sealed, 'base64')
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, 12))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new OperatorError(
          `A secret (${context}) can't be opened with this data folder's ${fileName}. Put the key file from your backup back, or enter the secret again.`,
          { cause },
        )
      }
    },
  }
}
