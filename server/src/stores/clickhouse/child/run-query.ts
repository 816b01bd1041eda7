import type { ChdbNative, NativeStream } from './chdb-native.ts'
import type { ConnectionPool, Lease } from './connections.ts'
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
      if (statement.kind === 'insert-data') {
        const data = joined(statement.data, request.body)
        if (data.length === 0) return finished([], cost({}), done)
        const written = await native.InsertRawAsyncConnection(lease.connection, marker + statement.head, data, false)
        return finished([], cost({ writtenRows: written.rowsWritten, writtenBytes: written.bytesWritten }), done)
      }
      const sql = `${marker}${statement.sql}${request.readonly > 0 ? `\nSETTINGS readonly = ${request.readonly}` : ''}`
      // What only reads is stopped when its reader leaves; a write goes on to its end, as on a server.
      if (statement.kind === 'read') signal.addEventListener('abort', stop, { once: true })
      if (statement.kind === 'read' && streams)
        return await streamed(native.StreamQuery(lease.connection, sql, request.defaultFormat), lease, done, cost)
      const result = await native.QueryAsyncConnection(lease.connection, sql, request.defaultFormat)
      return finished([result.bytes], cost({ readRows: result.rowsRead, readBytes: result.bytesRead }), done)
    } catch (error) {
      done()
      throw exceptionOf(error)
    }
  }

  const streamed = async (
    stream: NativeStream,
    _lease: Lease,
    done: () => void,
    cost: (found: Partial<QueryCost>) => QueryCost,
  ): Promise<QueryAnswer> => {
    // The first block decides between an error status and an answer.
    const first = await native.StreamFetch(stream)
    async function* blocks() {
      let ended = first.done
      try {
        if (first.bytes.length > 0) yield first.bytes
        while (!ended) {
          const block = await native.StreamFetch(stream)
          ended = block.done
          if (block.bytes.length > 0) yield block.bytes
        }
      } finally {
        native.StreamCancel(stream)
        done()
      }
    }
    return { chunks: blocks(), cost: cost({}) }
  }

  return run
}

const finished = (parts: readonly Buffer[], cost: QueryCost, done: () => void): QueryAnswer => {
  done()
  async function* chunks() {
    yield* parts
  }
  return { chunks: chunks(), cost }
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
