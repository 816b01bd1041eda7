import type { ParsedEvent } from '../collect/index.ts'

/** Kinds of identifier, most telling first. */
export const identifierKinds = ['userId', 'email', 'phone', 'anonymousId'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

export interface Identifier {
  readonly kind: IdentifierKind
  readonly value: string
}

/** Values that programs send when they know nobody; they never identify anyone. */
const blockedValues = new Set([
  '',
  '0',
  '-1',
  'null',
  'undefined',
  'none',
  'nan',
  'nil',
  'n/a',
  'unknown',
  'anonymous',
  'guest',
  'test',
  'true',
  'false',
  '[object object]',
  'user',
  'userid',
  'user_id',
  'id',
  'email',
  'me',
  'root',
  'admin',
  'example@example.com',
  'test@test.com',
  'test@example.com',
  'noreply@example.com',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
]) // prettier-ignore

export const isBlocked = (value: string): boolean => blockedValues.has(value.toLowerCase())

export const identifierKey = (identifier: Identifier): string => `${identifier.kind} ${identifier.value}`

/** Lower case, trimmed, or null where it can't be an address (one @, a dot after it, no blanks or controls, ≤ 254). */
export const normalEmail = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  const email = value.trim().toLowerCase()
  return email.length <= 254 && /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+\.[^\s@<>(),;:"\\[\]]+$/.test(email)
    ? email
    : null
}

/** E.164-like: + and 7 to 15 digits. Numbers in national form need a country and are kept as traits only. */
export const normalPhone = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  const digits = value.replace(/[\s().-]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null
}

/** Who an event says it is about, most telling first, blocked values left out. */
export const identifiersOf = (event: ParsedEvent): readonly Identifier[] => {
  const found: Identifier[] = []
  const add = (kind: IdentifierKind, value: string | null) => {
    if (value !== null && !isBlocked(value)) found.push({ kind, value })
  }
  add('userId', event.userId)
  if (event.type === 'identify') {
    add('email', normalEmail(event.properties.email))
    add('phone', normalPhone(event.properties.phone))
  }
  add('anonymousId', event.anonymousId)
  return found
}
