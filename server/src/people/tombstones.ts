import { createHmac } from 'node:crypto'
import { isObject, type JsonValue, type ParsedEvent } from '../collect/index.ts'
import type { WorkspaceId } from '../kernel/index.ts'
import { type Identifier, identifierKey, identifiersOf, normalEmail, normalPhone } from './identifiers.ts'

/** Turns an identifier into what is kept of it after an erasure: nobody without the key can tell which it was. */
export type TombstoneHash = (workspaceId: WorkspaceId, identifier: Identifier) => Buffer

/** HMAC-SHA-256, its first 16 bytes. */
export const createTombstoneHash =
  (key: Buffer): TombstoneHash =>
  (workspaceId, identifier) =>
    createHmac('sha256', key)
      .update(`${workspaceId}\u0000${identifierKey(identifier)}`)
      .digest()
      .subarray(0, 16)

/** Who an event names, an alias's former id included, as it may have been kept. */
export const everyIdentifierOf = (event: ParsedEvent): readonly Identifier[] => {
  const own = identifiersOf(event)
  if (event.type !== 'alias' || event.otherId === null) return own
  return [...own, { kind: 'userId', value: event.otherId }, { kind: 'anonymousId', value: event.otherId }]
}

/** Whether an event, as it was sent, says itself that it is of one of these subjects. */
export const namesSubject = (raw: JsonValue, subjects: ReadonlySet<string>): boolean =>
  isObject(raw) && typeof raw.subjectId === 'string' && subjects.has(raw.subjectId)

const idFields = new Set(['userId', 'anonymousId', 'previousId'])

/**
 * Whether anything in an event, as it was sent, names one of these identifiers: her ids where ids stand, her addresses and
 * numbers wherever they stand. For events that were never made hers (duplicates, quarantined ones).
 */
export const namesAny = (raw: JsonValue, identifiers: readonly Identifier[]): boolean => {
  const ids = new Set<string>()
  const contacts = new Set<string>()
  for (const { kind, value } of identifiers) (kind === 'email' || kind === 'phone' ? contacts : ids).add(value)
  const isHers = (value: JsonValue, field: string): boolean => {
    if (typeof value === 'number') return idFields.has(field) && ids.has(String(value))
    if (typeof value !== 'string') return false
    return (
      (idFields.has(field) && ids.has(value.trim())) ||
      contacts.has(normalEmail(value) ?? '') ||
      contacts.has(normalPhone(value) ?? '')
    )
  }
  // Not by recursion: among what was refused is what is nested too deep for it.
  const left: { readonly value: JsonValue; readonly field: string }[] = [{ value: raw, field: '' }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, field } = next
    if (isHers(value, field)) return true
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) for (const inner of value) left.push({ value: inner, field: '' })
    else for (const [key, inner] of Object.entries(value)) left.push({ value: inner, field: key })
  }
  return false
}
