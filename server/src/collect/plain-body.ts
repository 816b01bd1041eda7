import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

const unzip = promisify(gunzip)

export type PlainBody =
  | { readonly kind: 'plain'; readonly body: Buffer }
  /** Unpacked it would be over the limit; nothing past the limit was unpacked. */
  | { readonly kind: 'too-large' }
  /** It begins as gzip does, and is damaged, cut off or followed by something else. */
  | { readonly kind: 'not-unzipped' }

/** The body as plain bytes; gzip is known by its first two bytes, since not every client says so. */
export const plainBody = async (sent: Buffer, mostBytes: number): Promise<PlainBody> => {
  if (sent[0] !== 0x1f || sent[1] !== 0x8b) return { kind: 'plain', body: sent }
  try {
    return { kind: 'plain', body: await unzip(sent, { maxOutputLength: mostBytes }) }
  } catch (error) {
    return { kind: isOverLimit(error) ? 'too-large' : 'not-unzipped' }
  }
}

const isOverLimit = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
