import type { LeafCondition } from '@baton/contract'
import type { JsonObject, JsonValue } from '../collect/index.ts'
import { pathSql } from './json-path.ts'

/** Paths of event properties and of traits that some conditions look at. */
export const askedPaths = (
  leaves: readonly LeafCondition[],
): { readonly properties: readonly string[]; readonly traits: readonly string[] } => {
  const properties = new Set<string>()
  const traits = new Set<string>()
  for (const leaf of leaves) {
    if (leaf.kind === 'trait' || leaf.kind === 'trait-date') traits.add(leaf.path)
    if ('where' in leaf) for (const { path } of leaf.where) properties.add(path)
    if (leaf.kind === 'event-sum') properties.add(leaf.path)
    if (leaf.kind === 'event-last') properties.add(leaf.filter.path)
  }
  return { properties: [...properties], traits: [...traits] }
}

/**
 * Three values a path (number, text, truth; at most one is there) as one tuple. The object's own text can't be read back:
 * it has `a` and `a.b` under one key where both are values.
 */
export const valuesSql = (column: string, paths: readonly string[]): string =>
  paths.length === 0
    ? '[]'
    : `tuple(${paths
        .map((path) => pathSql(column, path))
        .flatMap((at) => [`${at}.:Float64`, `${at}.:String`, `${at}.:Bool`])
        .join(', ')})`

/** The flat object of what `valuesSql` answered. */
export const objectOf = (paths: readonly string[], values: readonly JsonValue[]): JsonObject =>
  Object.fromEntries(
    paths.flatMap((path, index) => {
      const value = values.slice(index * 3, index * 3 + 3).find((each) => each !== null && each !== undefined)
      return value === undefined ? [] : [[path, value]]
    }),
  )
