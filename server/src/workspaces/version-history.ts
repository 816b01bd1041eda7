import type { KeptVersion, VersionChange } from '@baton/contract'
import { encodeCursor } from '../http/index.ts'
import { type DifferenceOptions, differencesOf, type Instant } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { namesOfActors } from './actor-names.ts'

/** One version as a room keeps it. */
export interface StoredVersion {
  readonly version: number
  readonly at: Instant
  /** `user:…`, `key:…`, `system`, or `unknown` where it was not noted. */
  readonly by: string
  /** What people defined, as plain data. */
  readonly content: unknown
}

/** How a room calls the parts of what it keeps, and says what stands there. */
export interface VersionWords extends DifferenceOptions {
  readonly labels: Readonly<Record<string, string>>
  /** Null: as it is. */
  say?(value: unknown, key: string): string | null
}

/** A page of versions, newest first, from one row more than the page: each is compared with the one before it. */
export const historyPage = async (
  tx: Tx,
  rows: readonly StoredVersion[],
  limit: number,
  words: VersionWords,
): Promise<{ items: KeptVersion[]; next: string | null }> => {
  const shown = rows.slice(0, limit)
  const names = await namesOfActors(
    tx,
    shown.map(({ by }) => by),
  )
  const last = shown.at(-1)
  return {
    items: shown.map(({ version, at, by, content }, index) => {
      const before = rows[index + 1]
      return {
        version,
        at,
        by: names.get(by) ?? by,
        changes: before === undefined ? [] : changesInWords(before.content, content, words),
      }
    }),
    next: rows.length > limit && last !== undefined ? encodeCursor([last.version]) : null,
  }
}

/** What changed, in words; nothing only where nothing did. */
export const changesInWords = (before: unknown, after: unknown, words: VersionWords): VersionChange[] =>
  differencesOf(before, after, words).map((each) => {
    const [left, right] = [said(each.before, each.key, words), said(each.after, each.key, words)]
    // Words may leave out what differs; then it is said as it stands.
    const isLost = each.kind === 'changed' && left === right
    return {
      kind: each.kind,
      where: each.path.map((part) => words.labels[part] ?? part),
      before: isLost ? cut(JSON.stringify(each.before)) : left,
      after: isLost ? cut(JSON.stringify(each.after)) : right,
    }
  })

const said = (value: unknown, key: string, words: VersionWords): string | null => {
  if (value === undefined) return null
  const own = words.say?.(value, key) ?? null
  if (own !== null) return cut(own)
  if (typeof value === 'string') return cut(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === null) return 'nothing'
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return cut(value.join(', '))
  return cut(JSON.stringify(value))
}

const longest = 2_000
const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)} …` : text)
