import type { LeafCondition } from '@baton/contract'
import type { JsonObject, JsonValue } from '../collect/index.ts'
import { FlatObject, pathSql } from './json-path.ts'
import { operatorOf } from './operators/list.ts'
import type { AskedPath } from './operators/operator.ts'
import { propertyNumberSql } from './property-filter.ts'

/** Names of the events a condition looks at. */
export const eventNamesOf = (leaf: LeafCondition): readonly string[] => operatorOf(leaf).asks(leaf).events ?? []

/** Paths of event properties and of traits that some conditions look at. */
export const askedPaths = (
  leaves: readonly LeafCondition[],
): { readonly properties: readonly AskedPath[]; readonly traits: readonly AskedPath[] } => {
  const properties = new Map<string, AskedPath>()
  const traits = new Map<string, AskedPath>()
  for (const leaf of leaves) {
    const asked = operatorOf(leaf).asks(leaf)
    for (const path of asked.traits ?? []) traits.set(path, { path, as: 'value' })
    for (const each of asked.properties ?? [])
      if (properties.get(each.path)?.as !== 'value') properties.set(each.path, each)
  }
  return { properties: [...properties.values()], traits: [...traits.values()] }
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
