import type { JsonValue } from './parse-event.ts'

/** Whether any text or key holds U+0000, which PostgreSQL stores nowhere. */
export const holdsNullCharacter = (value: JsonValue): boolean => {
  if (typeof value === 'string') return value.includes('\u0000')
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(holdsNullCharacter)
  return Object.entries(value).some(([key, inner]) => key.includes('\u0000') || holdsNullCharacter(inner))
}

/** The same value with lone surrogates, which jsonb refuses, replaced by U+FFFD in texts and keys. */
export const wellFormed = (value: JsonValue): JsonValue => {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]))
}
