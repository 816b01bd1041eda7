import { reasonOf } from '../jobs/index.ts'
import { type Instant, must, type Position } from '../kernel/index.ts'
import { elementsOfBatch } from './batch-elements.ts'
import type { LoggedRequest } from './frame.ts'
import { deepest, isObject, isTooDeep, type JsonValue, type ReadEvent, type Refusal, readEvent } from './parse-event.ts'
import { holdsNullCharacter, wellFormed } from './well-formed.ts'

/** An event stands in an array in the body. */
const levelsAbove = 2
const loneSurrogate = /\\u[dD][89a-fA-F]/

/**
 * Every event of a log batch, in order; its index in this list is its number in the batch. Whatever an event or a request
 * is, it costs no other its place: what can't be read is refused alone.
 */
export const readRequests = (
  requests: readonly LoggedRequest[],
  batch: { position: Position; receivedAt: Instant },
): readonly ReadEvent[] => {
  const events: ReadEvent[] = []
  for (const request of requests) {
    const { head, body } = request
    const read = readBody(request)
    if (read.kind === 'refused') {
      events.push({ ...read, bytes: body })
      continue
    }
    const bytesOf = bytesReader(request)
    read.raws.forEach((raw, index) => {
      const place = `${batch.position}:${events.length}`
      const origin = { head, receivedAt: batch.receivedAt, sentAt: read.sentAt, place }
      const event = orUnreadable(() => (read.mayHoldNull && holdsNull(raw) ? nullCharacter : readEvent(raw, origin)))
      events.push(event.kind === 'refused' ? { ...event, bytes: bytesOf(index) } : event)
    })
  }
  return events
}

interface ReadBody {
  readonly kind: 'read'
  readonly raws: readonly JsonValue[]
  readonly sentAt: JsonValue | undefined
  readonly mayHoldNull: boolean
}

const readBody = ({ head, body }: LoggedRequest): ReadBody | Refusal =>
  orUnreadable<ReadBody | Refusal>(() => {
    const text = body.toString('utf8')
    const read: JsonValue = JSON.parse(text)
    // JSON can spell U+0000 and lone surrogates only as escapes, so most bodies need no second look.
    const parsed = loneSurrogate.test(text) ? wellFormed(read, deepest + levelsAbove) : read
    const top = isObject(parsed) ? parsed : undefined
    const raws: JsonValue | undefined = head.call === 'batch' ? top?.batch : [parsed]
    if (!Array.isArray(raws)) return { kind: 'refused', reason: 'no-batch', detail: '' }
    return { kind: 'read', raws, sentAt: top?.sentAt, mayHoldNull: text.includes('\\u0000') }
  })

const orUnreadable = <Read>(read: () => Read): Read | Refusal => {
  try {
    return read()
  } catch (error) {
    return { kind: 'refused', reason: 'unreadable', detail: reasonOf(error) }
  }
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
