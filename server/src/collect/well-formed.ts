import type { JsonValue } from './parse-event.ts'

/** Whether any text or key holds U+0000, which PostgreSQL stores nowhere. Of a value that is not too deep. */
export const holdsNullCharacter = (value: JsonValue): boolean => {
  if (typeof value === 'string') return value.includes('\u0000')
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(holdsNullCharacter)
  return Object.entries(value).some(([key, inner]) => key.includes('\u0000') || holdsNullCharacter(inner))
}

/**
 * The same value with lone surrogates, which jsonb refuses, replaced by U+FFFD in texts and keys, as far down as `most`
 * levels: what is nested deeper is refused whatever it holds.
 */
export const wellFormed = (value: JsonValue, most: number): JsonValue => {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || most === 0) return value
  if (Array.isArray(value)) return value.map((inner) => wellFormed(inner, most - 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner, most - 1)]),
  )
}
