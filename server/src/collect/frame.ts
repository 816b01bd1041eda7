import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { BugError, type Instant } from '../kernel/index.ts'

/** What is kept of a request beside its body, which is kept byte for byte. */
export interface RequestHead {
  /** The write key, import or room it came from. */
  readonly source: string
  /** The call: `batch`, or the type of a single event. */
  readonly call: string
  /** Instant of receipt where it is not that of the batch (a workspace whose clock was moved). */
  readonly receivedAt?: Instant
  /** Each event was received at its own timestamp (the sample shop's history). */
  readonly receivedWhenItHappened?: boolean
  /** From an import or replay: changes people and figures, sets nothing off. */
  readonly historic?: boolean
  /** Written by Baton itself (feedback, undo): may carry event types of its own, and name the subject an event is of. No route sets it. */
  readonly internal?: boolean
}

/** One request as it stands in the log. */
export interface LoggedRequest {
  readonly head: RequestHead
  readonly body: Buffer
}

/**
 * Requests to the bytes of a log batch: for each, head length, head, body length, body; then zstd level 1. At once: of the
 * sizes that come here, handing it to another thread takes longer than doing it (0.03 ms for 100 events, against 0.07).
 */
export const encodeBatch = (requests: readonly LoggedRequest[]): Buffer => {
  const parts: Buffer[] = []
  for (const { head, body } of requests) {
    const headBytes = Buffer.from(JSON.stringify(head))
    const lengths = Buffer.allocUnsafe(8)
    lengths.writeUInt32LE(headBytes.length, 0)
    lengths.writeUInt32LE(body.length, 4)
    parts.push(lengths, headBytes, body)
  }
  return zstdCompressSync(Buffer.concat(parts), { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
}

/** The bytes of a log batch back to its requests. */
export const decodeBatch = (payload: Buffer): readonly LoggedRequest[] => {
  const bytes = zstdDecompressSync(payload)
  const requests: LoggedRequest[] = []
  let at = 0
  while (at < bytes.length) {
    const headLength = bytes.readUInt32LE(at)
    const bodyLength = bytes.readUInt32LE(at + 4)
    const headEnd = at + 8 + headLength
    const head: RequestHead = JSON.parse(bytes.toString('utf8', at + 8, headEnd))
    requests.push({ head, body: bytes.subarray(headEnd, headEnd + bodyLength) })
    at = headEnd + bodyLength
  }
  if (at !== bytes.length) throw new BugError('A log batch ends in the middle of a request')
  return requests
}
