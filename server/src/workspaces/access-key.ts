import { createHash, randomBytes } from 'node:crypto'

/** Random parts of what we hand out once: 256 bits, so a plain SHA-256 keeps it safe at rest. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** A write key may only send events, so it may stand in a web page; an API key acts with a role. */
export type KeyKind = 'write' | 'api'

export interface NewAccessKey {
  /** Shown once. */
  readonly key: string
  readonly hash: Buffer
  /** Its beginning, to tell it from others in a list. */
  readonly hint: string
}

export const newAccessKey = (kind: KeyKind, secret: string = newSecret()): NewAccessKey => {
  const key = `baton_${kind}_${secret}`
  return { key, hash: hashSecret(key), hint: `${key.slice(0, `baton_${kind}_`.length + 4)}…` }
}

/** Spares the look-up of what can't be a key of ours. */
export const looksLikeKey = (key: string): boolean => /^baton_(write|api)_[\w-]{20,100}$/.test(key)
