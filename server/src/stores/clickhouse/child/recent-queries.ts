/** One finished query, for `doctor`: what it cost, never its values (those are bound, not in the text). */
export interface RecentQuery {
  readonly queryId: string
  readonly pool: string
  readonly sql: string
  readonly startedAt: number
  readonly waitedMs: number
  readonly ranMs: number
  readonly readRows: number
  readonly readBytes: number
  readonly writtenRows: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly failedWith: string | null
}

const longestText = 2000

/** The newest `size` queries. */
export const createRecentQueries = (size: number) => {
  const ring: RecentQuery[] = []
  let next = 0
  return {
    add: (query: RecentQuery): void => {
      ring[next] = { ...query, sql: withoutRows(query.sql).slice(0, longestText) }
      next = (next + 1) % size
    },
    /** Newest first. */
    list: (): readonly RecentQuery[] => [...ring.slice(next), ...ring.slice(0, next)].reverse(),
  }
}

/** Rows that came in the text of an INSERT may be about people: they are not kept. */
const withoutRows = (sql: string): string =>
  /^\s*insert\b/i.test(sql) ? sql.replace(/\b(format\s+\w+|values)\b[\s\S]*$/i, '$1') : sql
