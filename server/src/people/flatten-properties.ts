import { isObject, type JsonObject, type JsonValue } from '../collect/index.ts'

export type FlatValue = string | number | boolean

const mostKeys = 100
const mostDepth = 5
const longestPath = 200
const mostTextLength = 1_000

/**
 * What rules can see of an object: its scalar values by dotted path (`cart.total`). Lists, nulls and numbers
 * beyond all others (1e400 is read as Infinity, for which JSON has no word) are left out, texts are cut to 1,000 characters,
 * at most 100 paths of at most 5 steps are kept, in the order sent. Of `{"a.b":1}` and `{"a":{"b":2}}`, which have one path,
 * the first stays.
 */
export const flattenProperties = (object: JsonObject): ReadonlyMap<string, FlatValue> => {
  const flat = new Map<string, FlatValue>()
  collectInto(flat, object, '', 1)
  return flat
}

const collectInto = (flat: Map<string, FlatValue>, object: JsonObject, prefix: string, depth: number): void => {
  for (const key in object) {
    if (flat.size >= mostKeys) return
    const value: JsonValue | undefined = object[key]
    const path = prefix + key
    if (path.length === 0 || path.length > longestPath) continue
    if (typeof value === 'string') {
      if (!flat.has(path)) flat.set(path, cut(value))
    } else if (typeof value === 'boolean' || isNumber(value)) {
      if (!flat.has(path)) flat.set(path, value)
    } else if (isObject(value) && depth < mostDepth) {
      collectInto(flat, value, `${path}.`, depth + 1)
    }
  }
}

const isNumber = (value: unknown): value is number => Number.isFinite(value)

const cut = (text: string): string => (text.length > mostTextLength ? text.slice(0, mostTextLength) : text)

/** Reads a few paths of `flattenProperties`, without making them all where nothing is nested: there a path is a name. */
export const flatReader = (object: JsonObject): ((path: string) => FlatValue | undefined) => {
  if (isNested(object)) {
    const flat = flattenProperties(object)
    return (path) => flat.get(path)
  }
  return (path) => {
    const isPath = path.length > 0 && path.length <= longestPath
    const value = isPath && Object.hasOwn(object, path) ? object[path] : undefined
    if (typeof value === 'string') return cut(value)
    return typeof value === 'boolean' || isNumber(value) ? value : undefined
  }
}

/** Or so big that not all of it may count. */
const isNested = (object: JsonObject): boolean => {
  let keys = 0
  for (const key in object) {
    keys += 1
    if (keys > mostKeys || isObject(object[key])) return true
  }
  return false
}

/**
 * A flat object as JSON text for ClickHouse's JSON type. Whole numbers are written `10.0`, so that every number of a
 * path is stored as Float64 and `path.:Float64` reads them all. Lone surrogates are replaced.
 */
export const flatJson = (object: JsonObject): string => jsonOf(flattenProperties(object))

/** An event's properties for ClickHouse; and, of those that are texts, the ones that are numbers to a rule, as numbers. */
export const propertyColumns = (object: JsonObject): { properties: string; numberTexts: string } => {
  const flat = flattenProperties(object)
  const numbers = new Map<string, number>()
  for (const [path, value] of flat) {
    const number = typeof value === 'string' ? numberInText(value) : null
    if (number !== null) numbers.set(path, number)
  }
  return { properties: jsonOf(flat), numberTexts: jsonOf(numbers) }
}

/** Numbers written as text count as numbers when they are plain decimals of at most 15 + 15 digits; nothing else does. */
export const numberInText = (text: string): number | null => (plainDecimal.test(text) ? Number(text) : null)
const plainDecimal = /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/

const jsonOf = (flat: ReadonlyMap<string, FlatValue>): string => {
  let text = '{'
  for (const [path, value] of flat) {
    if (text.length > 1) text += ','
    text += `${JSON.stringify(path.toWellFormed())}:`
    if (typeof value === 'number')
      text += Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value)
    else text += typeof value === 'string' ? JSON.stringify(value.toWellFormed()) : value
  }
  return `${text}}`
}
