import type { z } from 'zod'
import { UserError } from './user-error.ts'

/**
 * Keyset paging: a cursor holds the last row's sort key, nothing else. It is opaque to callers but not secret, and it
 * is parsed like any other input, so a forged one can only name another place in the caller's own list.
 */
export const encodeCursor = (key: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** The sort key, or null for the first page. `shape` is a z.tuple of the key's columns. */
export const decodeCursor = <Key extends z.ZodType>(shape: Key, cursor: string | undefined): z.output<Key> | null => {
  if (cursor === undefined || cursor === '') return null
  const parsed = shape.safeParse(readJson(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (parsed.success) return parsed.data
  throw new UserError('invalid-cursor', 'The cursor was not made by this list.', {
    remedy: 'Leave "cursor" out to start from the first page.',
  })
}

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Cuts one page from rows that were asked for with `limit + 1`: the extra row says that there is more.
 * `keyOf` gives the sort key of the last row shown.
 */
export const pageFrom = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number | null)[],
  toItem: (row: Row) => Item,
): { items: Item[]; next: string | null } => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(toItem),
    next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  }
}
