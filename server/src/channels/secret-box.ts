import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { OperatorError } from '../kernel/index.ts'

/** Seals settings with secrets, and derives keys for signing, from the one secret of an installation. */
export interface SecretBox {
  /** AES-256-GCM with a fresh nonce; `context` must be the same to open it again. */
  seal(text: string, context: string): string
  open(sealed: string, context: string): string
  /** A key of its own for each use: HKDF-SHA256 (RFC 5869). */
  key(use: string): Buffer
}

/** `secret` has 32 random characters or more and is the same for every process of an installation. */
export const createSecretBox = (secret: string): SecretBox => {
  const key = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `baton ${use}`, 32))
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
          `A secret (${context}) can't be opened with this installation's BATON_SECRET. Put the former one back, or enter the secret again.`,
          { cause },
        )
      }
    },
  }
}
