import { brandAs, dayMs, type Instant, type SubjectId } from '../kernel/index.ts'
import type { RequestHead } from './frame.ts'

export type EventType = 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias'
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
export type JsonObject = { readonly [key: string]: JsonValue }

/** Why an event was set aside; shown to the developer beside the event. */
export const quarantineReasons = {
  'not-an-object': 'Each event must be a JSON object.',
  'no-batch': 'The body of a batch call must have an array named "batch".',
  'unknown-type': 'The type must be identify, track, page, screen, group or alias.',
  'missing-event-name': 'A track call needs "event", a text of 1 to 200 characters.',
  'missing-identity': 'An event needs userId or anonymousId, a text or number of at most 256 characters.',
  'missing-previous-id': 'An alias call needs previousId and userId.',
  'bad-time': 'The timestamp must be an ISO 8601 date between 1970 and one day from now.',
  'null-character': 'The character U+0000 cannot be stored; remove it.',
  'too-deep': 'Objects may be nested at most 20 deep.',
  'too-large': 'An event may take at most 32 KB.',
  unreadable: 'This event could not be handled; its bytes are kept.',
} as const
export type QuarantineReason = keyof typeof quarantineReasons

/** An event that keeps the contract, before it is known whose it is. Times in ms. */
export interface ParsedEvent {
  readonly kind: 'event'
  readonly messageId: string
  readonly type: EventType
  readonly name: string
  readonly userId: string | null
  readonly anonymousId: string | null
  /** Whose it is, where Baton itself says so (feedback on a message to her): its other ids then name nobody. */
  readonly subjectId?: SubjectId
  /** alias: the id she had before. group: the group's id. */
  readonly otherId: string | null
  readonly occurredAt: Instant
  readonly receivedAt: Instant
  readonly historic: boolean
  /** Properties of a track, page or screen; traits of an identify or group. */
  readonly properties: JsonObject
  readonly context: JsonObject
}

/** Baton's own entry in the log: a correction that must stand in order with the events. */
export interface SystemEvent {
  readonly kind: 'system'
  readonly messageId: string
  readonly action: string
  readonly properties: JsonObject
  readonly receivedAt: Instant
}

export interface Refusal {
  readonly kind: 'refused'
  readonly reason: QuarantineReason
  readonly detail: string
}

export interface RefusedEvent extends Refusal {
  /** As it was sent: what was refused may be nested too deep for anything to be written of its value. */
  readonly bytes: Buffer
}

export type ReadEvent = ParsedEvent | SystemEvent | RefusedEvent

const types = new Set<string>(['identify', 'track', 'page', 'screen', 'group', 'alias'])
const namesOfTypes: Record<Exclude<EventType, 'track'>, string> = {
  identify: 'Identify',
  page: 'Page Viewed',
  screen: 'Screen Viewed',
  group: 'Group',
  alias: 'Alias',
}
const emptyObject: JsonObject = {}
const latenessOfHistoricMs = dayMs

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asId = (value: JsonValue | undefined): string | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed.length > 0 && trimmed.length <= 256 ? trimmed : null
}

const isUuid = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)

/** Only Baton's own requests are trusted to name a subject: no route takes a head from its caller. */
const subjectOf = (raw: JsonObject, { head }: EventOrigin): Pick<ParsedEvent, 'subjectId'> =>
  head.internal && isUuid(raw.subjectId) ? { subjectId: brandAs<SubjectId>(raw.subjectId) } : {}

/** The last instant that a date can tell (https://tc39.es/ecma262/#sec-time-values-and-time-range). */
const latest: Instant = 8.64e15

/** In whole milliseconds, as every store keeps a time. */
const asTime = (value: JsonValue | undefined): Instant | null | 'bad' => {
  if (value === undefined || value === null || value === '') return null
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return at >= 0 && at <= latest ? Math.floor(at) : 'bad'
}

/** Levels of objects and arrays in an event. */
export const deepest = 20

/** Stops counting past `most`. */
const isDeeperThan = (value: JsonValue, most: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (most === 0) return true
  for (const inner of Array.isArray(value) ? value : Object.values(value))
    if (isDeeperThan(inner, most - 1)) return true
  return false
}
export const isTooDeep = (raw: JsonValue): boolean => isDeeperThan(raw, deepest)

/** A value in a few words, whatever it is: nothing walks into it. */
const shown = (value: JsonValue | undefined): string => {
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? 'an object' : JSON.stringify(value ?? null).slice(0, 200)
}

export interface EventOrigin {
  readonly head: RequestHead
  /** When the batch was stamped, ms. */
  readonly receivedAt: Instant
  /** `sentAt` of the batch, for clock skew. */
  readonly sentAt: JsonValue | undefined
  /** Stands in for a missing messageId: the place in the log. */
  readonly place: string
}

/**
 * Reads one event of Segment's spec (https://segment.com/docs/connections/spec/common/). `occurredAt` is Segment's
 * corrected timestamp, receivedAt − (sentAt − originalTimestamp), and never after receivedAt.
 */
export const readEvent = (raw: JsonValue, origin: EventOrigin): ParsedEvent | SystemEvent | Refusal => {
  const refuse = (reason: QuarantineReason, detail = ''): Refusal => ({ kind: 'refused', reason, detail })
  if (!isObject(raw)) return refuse('not-an-object')
  const receivedAt = receiptOf(raw, origin)
  const type = typeof raw.type === 'string' ? raw.type.toLowerCase() : origin.head.call
  const messageId = asId(raw.messageId) ?? `baton:${origin.place}`
  if (type === 'system' && origin.head.internal) {
    const properties = isObject(raw.properties) ? raw.properties : emptyObject
    return { kind: 'system', messageId, action: String(raw.action), properties, receivedAt }
  }
  if (!types.has(type)) return refuse('unknown-type', `type is ${shown(raw.type)}`)
  if (isTooDeep(raw)) return refuse('too-deep')
  const userId = asId(raw.userId)
  const anonymousId = asId(raw.anonymousId)
  const named = subjectOf(raw, origin)
  if (userId === null && anonymousId === null && named.subjectId === undefined) return refuse('missing-identity')
  const occurredAt = correctedTime(raw, origin, receivedAt)
  if (occurredAt === 'bad') return refuse('bad-time', `timestamp is ${shown(raw.originalTimestamp ?? raw.timestamp)}`)
  const eventType = type as EventType
  const name = eventType === 'track' ? asEventName(raw.event) : namesOfTypes[eventType]
  if (name === null) return refuse('missing-event-name')
  const otherId = eventType === 'alias' ? asId(raw.previousId) : eventType === 'group' ? asId(raw.groupId) : null
  if (eventType === 'alias' && (otherId === null || userId === null)) return refuse('missing-previous-id')
  return {
    kind: 'event',
    messageId,
    type: eventType,
    name,
    userId,
    anonymousId,
    ...named,
    otherId,
    occurredAt,
    receivedAt,
    historic: origin.head.historic === true || receivedAt - occurredAt > latenessOfHistoricMs,
    properties: propertiesOf(raw, eventType),
    context: isObject(raw.context) ? raw.context : emptyObject,
  }
}

const receiptOf = (raw: JsonObject, { head, receivedAt }: EventOrigin): Instant => {
  const stated = head.receivedWhenItHappened ? asTime(raw.timestamp) : null
  return typeof stated === 'number' ? stated : (head.receivedAt ?? receivedAt)
}

const asEventName = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value.trim().length > 0 && value.length <= 200 ? value.trim() : null

const correctedTime = (raw: JsonObject, origin: EventOrigin, receivedAt: Instant): Instant | 'bad' => {
  const stated = asTime(raw.originalTimestamp ?? raw.timestamp)
  if (stated === 'bad') return 'bad'
  if (stated === null) return receivedAt
  const sentAt = asTime(raw.sentAt ?? origin.sentAt)
  const isOwnClock = origin.head.receivedAt !== undefined || origin.head.receivedWhenItHappened === true
  const skewMs = typeof sentAt === 'number' && !isOwnClock ? receivedAt - sentAt : 0
  const corrected = stated + skewMs
  if (corrected < 0 || corrected > receivedAt + latenessOfHistoricMs) return corrected < 0 ? 0 : receivedAt
  return Math.min(corrected, receivedAt)
}

const propertiesOf = (raw: JsonObject, type: EventType): JsonObject => {
  const own = type === 'identify' || type === 'group' ? raw.traits : raw.properties
  const properties = isObject(own) ? own : emptyObject
  if ((type === 'page' || type === 'screen') && typeof raw.name === 'string' && properties.name === undefined)
    return { ...properties, name: raw.name }
  return properties
}
