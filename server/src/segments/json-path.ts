import type { JsonObject } from '../collect/index.ts'
import { type FlatValue, flattenProperties } from '../people/index.ts'

/**
 * A way into nested objects, with dots: `{"a":{"b":1}}` and `{"a.b":1}` are the same path, as they are in the
 * projection. Only texts, numbers and truth values are values; lists, objects and nulls are none.
 */
const allowed = /^[\p{L}\p{N}_$][\p{L}\p{N}\p{M}_$ #@+%&()/-]*(\.[\p{L}\p{N}_$][\p{L}\p{N}\p{M}_$ #@+%&()/-]*)*$/u

/** Why a path can't be used, or null. What is let through needs no escaping inside back-quotes. */
export const pathProblem = (path: string): string | null =>
  allowed.test(path)
    ? null
    : `"${path}" can't be asked for: a path is names joined by dots; a name begins with a letter, digit, _ or $, and goes on with those, spaces and #@+%&()/-`

/**
 * What rules see of an object, by path, as plain as it was read: nothing is left to flatten. A class, so that it is told apart
 * at once: rules ask for a value some hundred times a person.
 */
export class FlatObject {
  readonly [path: string]: FlatValue
}
// Nothing is there but what was put there: `constructor` and `__proto__` are paths like any other.
Object.setPrototypeOf(FlatObject.prototype, null)
Reflect.deleteProperty(FlatObject.prototype, 'constructor')

/** The value rules see at a path, or null when there is none. */
export const valueAt = (object: JsonObject, path: string): FlatValue | null => {
  if (object instanceof FlatObject) return (object[path] as FlatValue | undefined) ?? null
  let flat = flattened.get(object)
  if (flat === undefined) {
    flat = flattenProperties(object)
    flattened.set(object, flat)
  }
  const value = flat.get(path)
  if (value === undefined) return null
  return typeof value === 'string' ? value.toWellFormed() : value
}

/** An object is asked for many paths by many rules. */
const flattened = new WeakMap<JsonObject, ReadonlyMap<string, FlatValue>>()

/** The ClickHouse expression for a path of a JSON column; throws on a path that was not checked. */
export const pathSql = (column: string, path: string): string => {
  const problem = pathProblem(path)
  if (problem !== null) throw new TypeError(problem)
  return `${column}.${path
    .split('.')
    .map((name) => `\`${name}\``)
    .join('.')}`
}
