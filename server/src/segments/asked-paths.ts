import type { LeafCondition, PropertyFilter } from '@baton/contract'
import type { JsonObject, JsonValue } from '../collect/index.ts'
import { exhaustive } from '../kernel/index.ts'
import { numberInText } from '../people/index.ts'
import { FlatObject, pathSql } from './json-path.ts'
import { propertyNumberSql } from './property-filter.ts'

/**
 * A path that conditions look at. `number`: all of them want a number, and see none where there is something else; one
 * column is read instead of three. `value`: whatever stands there.
 */
export interface AskedPath {
  readonly path: string
  readonly as: 'number' | 'value'
}

/** Paths of event properties and of traits that some conditions look at. */
export const askedPaths = (
  leaves: readonly LeafCondition[],
): { readonly properties: readonly AskedPath[]; readonly traits: readonly AskedPath[] } => {
  const properties = new Map<string, AskedPath>()
  const traits = new Map<string, AskedPath>()
  const ask = (path: string, as: AskedPath['as']) => {
    if (properties.get(path)?.as !== 'value') properties.set(path, { path, as })
  }
  for (const leaf of leaves) {
    if (leaf.kind === 'trait' || leaf.kind === 'trait-date') traits.set(leaf.path, { path: leaf.path, as: 'value' })
    if ('where' in leaf) for (const filter of leaf.where) ask(filter.path, wantedOf(filter))
    if (leaf.kind === 'event-sum') ask(leaf.path, 'number')
    if (leaf.kind === 'event-last') ask(leaf.filter.path, wantedOf(leaf.filter))
  }
  return { properties: [...properties.values()], traits: [...traits.values()] }
}

/** A filter that compares with numbers sees a text that is one as that number. */
const wantedOf = ({ is, value, values }: PropertyFilter): AskedPath['as'] => {
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

/**
 * What stands at each path as one tuple: a number, or three columns (number, text, truth; at most one is there). The
 * object's own text can't be read back: it has `a` and `a.b` under one key where both are values.
 */
export const valuesSql = (column: 'properties' | 'traits', paths: readonly AskedPath[]): string =>
  paths.length === 0
    ? '[]'
    : `tuple(${paths
        .flatMap(({ path, as }) => {
          if (as === 'number') return [propertyNumberSql(path)]
          const at = pathSql(column, path)
          return [`${at}.:Float64`, `${at}.:String`, `${at}.:Bool`]
        })
        .join(', ')})`

/** The flat object of what `valuesSql` answered. */
export const objectOf = (paths: readonly AskedPath[], values: readonly JsonValue[]): JsonObject => {
  const object = new FlatObject() as Record<string, JsonValue>
  let index = 0
  for (const { path, as } of paths) {
    const end = index + (as === 'number' ? 1 : 3)
    for (; index < end; index += 1) {
      const value = values[index]
      if (value !== null && value !== undefined) object[path] = value
    }
  }
  return object
}
