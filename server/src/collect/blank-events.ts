import { elementsOfBatch } from './batch-elements.ts'
import type { LoggedRequest } from './frame.ts'
import { isObject, type JsonValue } from './parse-event.ts'

/**
 * The events of a request as they were sent; one that holds none counts as one, and one that is no JSON as its text. In the
 * order of `readRequests`.
 */
export const rawEventsOf = ({ head, body }: LoggedRequest): readonly JsonValue[] => {
  const parsed = parsedOr(body.toString('utf8'))
  const batch = head.call === 'batch' && isObject(parsed) ? parsed.batch : undefined
  return Array.isArray(batch) ? batch : [parsed]
}

const parsedOr = (text: string): JsonValue => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * The requests of a log batch without some of their events, which are named by their index in the batch. Each leaves a
 * `null` in its place, so that the others keep their index; their bytes, and all others of their request, stay as they are.
 */
export const blankEvents = (
  requests: readonly LoggedRequest[],
  isGone: (index: number) => boolean,
): readonly LoggedRequest[] => {
  let first = 0
  return requests.map((request) => {
    const count = rawEventsOf(request).length
    const gone = Array.from({ length: count }, (_, at) => isGone(first + at))
    first += count
    if (!gone.includes(true)) return request
    return { head: request.head, body: gone.includes(false) ? cutOut(request.body, gone) : emptyBody(request) }
  })
}

/** Nothing of the request is anybody else's: what stands around its events goes, too. */
const emptyBody = (request: LoggedRequest): Buffer => {
  const events = rawEventsOf(request)
  return Buffer.from(request.head.call === 'batch' ? JSON.stringify({ batch: events.map(() => null) }) : 'null')
}

const blank = Buffer.from('null')

const cutOut = (body: Buffer, gone: readonly boolean[]): Buffer => {
  const parts: Buffer[] = []
  let at = 0
  elementsOfBatch(body).forEach(([begin, end], index) => {
    if (gone[index] !== true) return
    parts.push(body.subarray(at, begin), blank)
    at = end
  })
  parts.push(body.subarray(at))
  return Buffer.concat(parts)
}
