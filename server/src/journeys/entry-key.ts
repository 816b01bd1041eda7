import type { JsonObject, JsonValue } from '../collect/index.ts'

const longestKey = 300

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The value of a property as a key: text or a number (`12` and `"12"` are the same cart), else null. A property whose
 * name contains the dots comes before one reached through objects.
 */
export const keyAt = (properties: JsonObject, path: string): string | null => {
  const direct = Object.hasOwn(properties, path) ? properties[path] : undefined
  const found = direct === undefined ? valueThrough(properties, path.split('.')) : direct
  const key = typeof found === 'number' ? String(found) : found
  return typeof key === 'string' && key !== '' && key.length <= longestKey ? key : null
}

const valueThrough = (properties: JsonObject, names: readonly string[]): JsonValue | undefined => {
  let value: JsonValue | undefined = properties
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}
