import type { ChdbNative, NativeChunk, NativeStream } from './chdb-native.ts'
import type { ConnectionPool } from './connections.ts'
import { exception, exceptionOf } from './exception.ts'
import type { SessionWishes } from './session-state.ts'
import { identifier } from './session-state.ts'
import { readStatement } from './statement.ts'

export interface QueryRequest {
  readonly queryId: string
  /** The query as it came in the URL, in the body, or both. */
  readonly sql: string
  /** Rows of an `INSERT … FORMAT`, untouched; empty when the query itself came in the body. */
  readonly body: Buffer
  readonly wishes: SessionWishes
  readonly defaultFormat: string
  /** 0 may write, 1 only reads, 2 only reads but may change settings. */
  readonly readonly: number
}

export interface QueryCost {
  readonly waitedMs: number
  readonly ranMs: number
  readonly readRows: number
  readonly readBytes: number
  readonly writtenRows: number
  readonly writtenBytes: number
}

export interface QueryAnswer {
  /** Whole, or block by block from a streaming pool. */
  readonly chunks: AsyncIterable<Buffer>
  /** Known at once for a whole answer; for a stream it holds what is known before its first block. */
  readonly cost: QueryCost
  /** Gives the connection back, whether all chunks were read or none. */
  close(): Promise<void>
}

/** Runs one request on a connection of its own. Rejects with a ClickHouseException. */
export const createQueryRunner = (native: ChdbNative, cancel: (marker: string) => Promise<void>) => {
  const run = async (
    request: QueryRequest,
    pool: ConnectionPool,
    streams: boolean,
    signal: AbortSignal,
  ): Promise<QueryAnswer> => {
    const statement = readStatement(request.sql)
    if (statement.kind === 'refused') throw exception(statement.code, statement.name, statement.reason)
    if (request.readonly > 0 && statement.kind !== 'read')
      throw exception(164, 'READONLY', 'default: Cannot execute query in readonly mode')
    if (statement.kind !== 'insert-data') assertBound(statement.placeholders, request.wishes)

    const marker = `/* baton:${request.queryId} */ `
    const lease = await pool.lease(signal)
    const from = performance.now()
    const stop = () => void cancel(marker)
    const done = () => {
      signal.removeEventListener('abort', stop)
      lease.release()
    }
    const cost = (found: Partial<QueryCost>): QueryCost => ({
      ...noCost,
      ...found,
      waitedMs: lease.waitedMs,
      ranMs: performance.now() - from,
    })
    try {
      await lease.prepare(request.wishes)
      if (signal.aborted) throw exception(394, 'QUERY_WAS_CANCELLED', 'The client left before the query began')
      if (statement.kind === 'insert-data') {
        const data = joined(statement.data, request.body)
        const written =
          data.length === 0
            ? { rowsWritten: 0, bytesWritten: 0 }
            : await native.InsertRawAsyncConnection(lease.connection, marker + statement.head, data, false)
        done()
        return whole([], cost({ writtenRows: written.rowsWritten, writtenBytes: written.bytesWritten }))
      }
      const sql = `${marker}${statement.sql}${request.readonly > 0 ? `\nSETTINGS readonly = ${request.readonly}` : ''}`
      // What only reads is stopped when its reader leaves; a write goes on to its end, as on a server.
      if (statement.kind === 'read') signal.addEventListener('abort', stop, { once: true })
      if (statement.kind === 'read' && streams) {
        const stream = native.StreamQuery(lease.connection, sql, request.defaultFormat)
        return await blockByBlock(native, stream, done, () => cost({}))
      }
      const result = await native.QueryAsyncConnection(lease.connection, sql, request.defaultFormat)
      done()
      return whole([result.bytes], cost({ readRows: result.rowsRead, readBytes: result.bytesRead }))
    } catch (error) {
      done()
      throw exceptionOf(error)
    }
  }

  return run
}

const whole = (parts: readonly Buffer[], cost: QueryCost): QueryAnswer => ({
  chunks: (async function* () {
    yield* parts
  })(),
  cost,
  close: () => Promise.resolve(),
})

/** `done` is called exactly once when this resolves, and never when it rejects. */
const blockByBlock = async (
  native: ChdbNative,
  stream: NativeStream,
  done: () => void,
  cost: () => QueryCost,
): Promise<QueryAnswer> => {
  let fetching: Promise<NativeChunk> | null = null
  const fetch = (): Promise<NativeChunk> => {
    fetching = native.StreamFetch(stream)
    return fetching
  }
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    // The library reads the stream without a lock while it fetches.
    await fetching?.catch(() => undefined)
    native.StreamCancel(stream)
    done()
  }
  // The first block decides between an error status and an answer.
  const first = await fetch()
  async function* chunks() {
    let block = first
    for (;;) {
      if (block.bytes.length > 0) yield block.bytes
      if (block.done || closed) return
      block = await fetch()
    }
  }
  return { chunks: chunks(), cost: cost(), close }
}

const noCost: QueryCost = { waitedMs: 0, ranMs: 0, readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 }

/** Parameters stick to a connection: without this check a query that forgot one would read its predecessor's. */
const assertBound = (placeholders: readonly string[], wishes: SessionWishes): void => {
  const missing = placeholders.find((name) => !wishes.parameters.has(name))
  if (missing !== undefined)
    throw exception(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution ${identifier(missing)} is not set`)
}

const joined = (text: string, body: Buffer): Buffer =>
  text === '' ? body : body.length === 0 ? Buffer.from(text) : Buffer.concat([Buffer.from(text), body])
