import { api, type Query } from './api.ts'

/** Counts the rows of a CSV as it comes in: line feeds outside of quotes. */
export const rowCounter = (): ((chunk: Uint8Array) => number) => {
  let isQuoted = false
  let lines = 0
  return (chunk) => {
    for (const byte of chunk) {
      if (byte === quote) isQuoted = !isQuoted
      else if (byte === lineFeed && !isQuoted) lines += 1
    }
    return Math.max(0, lines - 1)
  }
}
const quote = 0x22
const lineFeed = 0x0a

/** So much is gathered before the browser takes it over; it keeps large files on disk. */
const partBytes = 4_000_000

export interface ListFile {
  readonly content: Blob
  readonly rows: number
}

/** The whole of a list, as the server streams it. A file that breaks off is an error, never a shorter file. */
export const readListFile = async (
  path: string,
  query: Query,
  { signal, onRows }: { readonly signal: AbortSignal; readonly onRows: (rows: number) => void },
): Promise<ListFile> => {
  const reader = (await api.open(`${path}.csv`, { query, signal })).getReader()
  const count = rowCounter()
  const parts: Blob[] = []
  let pending: Uint8Array<ArrayBuffer>[] = []
  let pendingBytes = 0
  let rows = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pending.push(next.value)
    pendingBytes += next.value.byteLength
    rows = count(next.value)
    onRows(rows)
    if (pendingBytes < partBytes) continue
    parts.push(new Blob(pending))
    pending = []
    pendingBytes = 0
  }
  return { content: new Blob([...parts, ...pending], { type: 'text/csv;charset=utf-8' }), rows }
}
