import { type Instant, must, type Position } from '../kernel/index.ts'
import { elementsOfBatch } from './batch-elements.ts'
import type { LoggedRequest } from './frame.ts'
import { deepest, isObject, isTooDeep, type JsonValue, type ReadEvent, type Refusal, readEvent } from './parse-event.ts'
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
  for (const request of requests) {
    const { head, body } = request
    const text = body.toString('utf8')
    const read: JsonValue = JSON.parse(text)
    // JSON can spell U+0000 and lone surrogates only as escapes, so most bodies need no second look.
    const parsed = loneSurrogate.test(text) ? wellFormed(read, deepest + levelsAbove) : read
    const mayHaveNull = text.includes('\\u0000')
    const top = isObject(parsed) ? parsed : undefined
    const raws = head.call === 'batch' ? top?.batch : [parsed]
    if (!Array.isArray(raws)) {
      events.push({ kind: 'refused', reason: 'no-batch', detail: '', bytes: body })
      continue
    }
    const bytesOf = bytesReader(request)
    raws.forEach((raw: JsonValue, index) => {
      const place = `${batch.position}:${events.length}`
      const origin = { head, receivedAt: batch.receivedAt, sentAt: top?.sentAt, place }
      const event = mayHaveNull && holdsNull(raw) ? nullCharacter : readEvent(raw, origin)
      events.push(event.kind === 'refused' ? { ...event, bytes: bytesOf(index) } : event)
    })
  }
  return events
}

/** Anybody may send what is nested a hundred thousand deep: nothing walks into that. */
const holdsNull = (raw: JsonValue): boolean => !isTooDeep(raw) && holdsNullCharacter(raw)
const nullCharacter: Refusal = { kind: 'refused', reason: 'null-character', detail: '' }

/** The bytes of each of a request's events; where they stand is looked up once, and only if somebody asks. */
const bytesReader = ({ head, body }: LoggedRequest): ((index: number) => Buffer) => {
  if (head.call !== 'batch') return () => body
  let elements: ReturnType<typeof elementsOfBatch> | undefined
  return (index) => {
    elements ??= elementsOfBatch(body)
    return body.subarray(...must(elements[index], 'each event of a batch stands in it'))
  }
}

/** How many events `readRequests` will find in a body that was parsed once already. */
export const countEvents = (call: string, parsed: unknown): number =>
  call === 'batch' && isObject(parsed) && Array.isArray(parsed.batch) ? parsed.batch.length : 1
