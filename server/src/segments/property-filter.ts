import type { PropertyFilter } from '@baton/contract'
import type { JsonObject } from '../collect/index.ts'
import { exhaustive } from '../kernel/index.ts'
import { type FlatValue, numberInText } from '../people/index.ts'
import { pathProblem, pathSql, valueAt } from './json-path.ts'
import type { AskedPath } from './operators/operator.ts'
import type { Bind } from './sql-scope.ts'

/**
 * A test of one value, the same in memory and in ClickHouse.
 * - The kind of the *rule's* value decides: a number compares as numbers (text that is a plain decimal is one); text
 *   compares as text by its bytes, and equals a number or truth value written that way; truth equals truth or its text.
 * - `contains`: a part of a text, case counts.
 * - No value (missing, null, a list, an object) makes everything false but `not-exists` and `not-equals`.
 */
export const filterMatches = (filter: PropertyFilter, object: JsonObject): boolean =>
  valueMatches(filter, valueAt(object, filter.path))

type Scalar = string | number | boolean
type Value = FlatValue | null

const valueMatches = (filter: PropertyFilter, value: Value): boolean => {
  switch (filter.is) {
    case 'exists':
      return value !== null
    case 'not-exists':
      return value === null
    case 'equals':
      return equalsAny(wanted(filter), value)
    case 'not-equals':
      return !equalsAny(wanted(filter), value)
    case 'in':
      return equalsAny(filter.values ?? [], value)
    case 'contains':
      return typeof value === 'string' && value.includes(String(filter.value))
    case 'greater':
      return inOrder(filter.value, value, (order) => order > 0)
    case 'at-least':
      return inOrder(filter.value, value, (order) => order >= 0)
    case 'less':
      return inOrder(filter.value, value, (order) => order < 0)
    case 'at-most':
      return inOrder(filter.value, value, (order) => order <= 0)
    default:
      return exhaustive(filter.is)
  }
}

/** A filter that compares with numbers sees a text that is one as that number. */
export const pathOfFilter = (filter: PropertyFilter): AskedPath => ({ path: filter.path, as: wantedAs(filter) })

const wantedAs = ({ is, value, values }: PropertyFilter): AskedPath['as'] => {
  switch (is) {
    case 'greater':
    case 'at-least':
    case 'less':
    case 'at-most':
      return typeof value === 'number' || (typeof value === 'string' && numberInText(value) !== null)
        ? 'number'
        : 'value'
    case 'equals':
    case 'not-equals':
      return typeof value === 'number' ? 'number' : 'value'
    case 'in':
      return (values ?? []).every((each) => typeof each === 'number') ? 'number' : 'value'
    case 'exists':
    case 'not-exists':
    case 'contains':
      return 'value'
    default:
      return exhaustive(is)
  }
}

const wanted = (filter: PropertyFilter): readonly Scalar[] => (filter.value === undefined ? [] : [filter.value])

const numberIn = (value: Value): number | null =>
  typeof value === 'number' ? value : typeof value === 'string' ? numberInText(value) : null

const equalsAny = (scalars: readonly Scalar[], value: Value): boolean =>
  scalars.some((scalar) => {
    if (typeof scalar === 'number') return numberIn(value) === scalar
    if (typeof value === 'string') return value === String(scalar)
    if (typeof value === 'boolean') return String(value) === String(scalar)
    return typeof value === 'number' && typeof scalar === 'string' && numberInText(scalar) === value
  })

const inOrder = (than: Scalar | undefined, value: Value, accept: (order: number) => boolean): boolean => {
  const number = typeof than === 'number' ? than : typeof than === 'string' ? numberInText(than) : null
  if (number !== null) {
    const found = numberIn(value)
    return found !== null && accept(found - number)
  }
  if (typeof than !== 'string' || typeof value !== 'string') return false
  return accept(Buffer.compare(Buffer.from(value), Buffer.from(than)))
}

/** What is wrong with a filter, or null. */
export const filterProblem = (filter: PropertyFilter): string | null => {
  const problem = pathProblem(filter.path)
  if (problem !== null) return problem
  switch (filter.is) {
    case 'exists':
    case 'not-exists':
      return null
    case 'in':
      return filter.values !== undefined && filter.values.length > 0
        ? null
        : `"${filter.path} in" needs at least one of \`values\``
    case 'contains':
      return typeof filter.value === 'string' ? null : `"${filter.path} contains" needs a text as \`value\``
    case 'greater':
    case 'at-least':
    case 'less':
    case 'at-most':
      return typeof filter.value === 'string' || typeof filter.value === 'number'
        ? null
        : `"${filter.path} ${filter.is}" needs a number or a text as \`value\``
    case 'equals':
    case 'not-equals':
      return filter.value !== undefined ? null : `"${filter.path} ${filter.is}" needs a \`value\``
    default:
      return exhaustive(filter.is)
  }
}

/**
 * A ClickHouse expression of 0 or 1 that says what `filterMatches` says. `numberAt` gives the column that holds the value
 * at a path as a number.
 */
export const filterSql = (
  filter: PropertyFilter,
  column: 'properties' | 'traits',
  bind: Bind,
  numberAt: (path: string) => string,
): string => {
  const at = pathSql(column, filter.path)
  const equals = (scalars: readonly Scalar[]) => equalsAnySql(scalars, at, bind, () => numberAt(filter.path))
  const compare = (operator: string) => inOrderSql(filter.value, at, operator, bind, () => numberAt(filter.path))
  switch (filter.is) {
    case 'exists':
      return `isNotNull(${at})`
    case 'not-exists':
      return `isNull(${at})`
    case 'equals':
      return equals(wanted(filter))
    case 'not-equals':
      return `not ${equals(wanted(filter))}`
    case 'in':
      return equals(filter.values ?? [])
    case 'contains':
      return `ifNull(position(${at}.:String, ${bind(String(filter.value), 'String')}) > 0, 0)`
    case 'greater':
      return compare('>')
    case 'at-least':
      return compare('>=')
    case 'less':
      return compare('<')
    case 'at-most':
      return compare('<=')
    default:
      return exhaustive(filter.is)
  }
}

/**
 * The value of an event's property as a number, text that is one included; NaN, which no comparison lets through, when it
 * is none. The projection writes every number as Float64, and those that texts are into a column of their own: reading
 * and matching the texts of every event made a full look at 20 million of them take half a second longer.
 */
export const propertyNumberSql = (path: string): string =>
  `ifNull(${pathSql('properties', path)}.:Float64, ifNull(${pathSql('number_texts', path)}.:Float64, nan))`

/** The same of a trait, where texts are looked at. */
export const traitNumberSql = (path: string): string => {
  const at = pathSql('traits', path)
  const text = `if(match(ifNull(${at}.:String, ''), '${plainDecimalPattern.replaceAll('\\', '\\\\')}'), assumeNotNull(toFloat64OrNull(${at}.:String)), nan)`
  return `ifNull(${at}.:Float64, ${text})`
}

/** As `numberInText` has it. */
const plainDecimalPattern = '\\A-?[0-9]{1,15}([.][0-9]{1,15})?\\z'

const equalsAnySql = (scalars: readonly Scalar[], at: string, bind: Bind, number: () => string): string => {
  const numbers = scalars.filter((scalar) => typeof scalar === 'number')
  const texts = scalars.filter((scalar) => typeof scalar !== 'number').map(String)
  const truths = [true, false].filter((truth) => texts.includes(String(truth)))
  const textNumbers = scalars
    .filter((scalar) => typeof scalar === 'string')
    .map(numberInText)
    .filter((parsed) => parsed !== null)
  const tests: string[] = []
  if (texts.length > 0)
    tests.push(oneOf(`ifNull(${at}.:String, '')`, texts, 'String', bind, `isNotNull(${at}.:String)`))
  if (numbers.length > 0) tests.push(oneOf(number(), numbers, 'Float64', bind))
  if (textNumbers.length > 0) tests.push(oneOf(`ifNull(${at}.:Float64, nan)`, textNumbers, 'Float64', bind))
  for (const truth of truths) tests.push(`ifNull(${at}.:Bool = ${truth}, 0)`)
  return tests.length === 0 ? '0' : `(${tests.join(' or ')})`
}

/** `guard` keeps a missing text apart from an empty one. */
const oneOf = (
  expression: string,
  values: readonly (string | number)[],
  type: string,
  bind: Bind,
  guard?: string,
): string => {
  const [first] = values
  const test =
    values.length === 1
      ? `${expression} = ${bind(first, type)}`
      : `has(${bind(values, `Array(${type})`)}, ${expression})`
  return guard !== undefined && values.some((value) => value === '') ? `(${guard} and ${test})` : test
}

const inOrderSql = (
  than: Scalar | undefined,
  at: string,
  operator: string,
  bind: Bind,
  number: () => string,
): string => {
  const bound = typeof than === 'number' ? than : typeof than === 'string' ? numberInText(than) : null
  if (bound !== null) return `${number()} ${operator} ${bind(bound, 'Float64')}`
  return typeof than === 'string' ? `ifNull(${at}.:String ${operator} ${bind(than, 'String')}, 0)` : '0'
}
