import type { Instant, Position } from '../kernel/index.ts'
import type { LoggedRequest } from './frame.ts'
import { deepest, isDeeperThan, isObject, type JsonValue, type ReadEvent, readEvent } from './parse-event.ts'
import { holdsNullCharacter, wellFormed } from './well-formed.ts'

/** An event stands in an array in the body. */
const levelsAbove = 2
const loneSurrogate = /\\u[dD][89a-fA-F]/

/** Every event of a log batch, in order; its index in this list is its number in the batch. */
export const readRequests = (
  requests: readonly LoggedRequest[],
  batch: { position: Position; receivedAt: Instant },
): readonly ReadEvent[] => {
  const events: ReadEvent[] = []
  for (const { head, body } of requests) {
    const text = body.toString('utf8')
    const read: JsonValue = JSON.parse(text)
    // JSON can spell U+0000 and lone surrogates only as escapes, so most bodies need no second look.
    const parsed = loneSurrogate.test(text) ? wellFormed(read, deepest + levelsAbove) : read
    const mayHaveNull = text.includes('\\u0000')
    const top = isObject(parsed) ? parsed : undefined
    const raws = head.call === 'batch' ? top?.batch : [parsed]
    const push = (raw: JsonValue) => {
      const place = `${batch.position}:${events.length}`
      // Anybody may send what is nested a hundred thousand deep: nothing walks into that.
      if (mayHaveNull && !isDeeperThan(raw, deepest) && holdsNullCharacter(raw))
        events.push({ kind: 'refused', reason: 'null-character', detail: '', raw })
      else events.push(readEvent(raw, { head, receivedAt: batch.receivedAt, sentAt: top?.sentAt, place }))
    }
    if (Array.isArray(raws)) for (const raw of raws) push(raw)
    else events.push({ kind: 'refused', reason: 'no-batch', detail: '', raw: parsed })
  }
  return events
}

/** How many events `readRequests` will find in a body that was parsed once already. */
export const countEvents = (call: string, parsed: unknown): number =>
  call === 'batch' && isObject(parsed) && Array.isArray(parsed.batch) ? parsed.batch.length : 1
