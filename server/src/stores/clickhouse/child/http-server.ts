import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { PassThrough, Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { PoolName } from './engine-config.ts'
import { type ClickHouseException, exception, exceptionOf, httpStatusOf } from './exception.ts'
import { header, readRequest } from './read-request.ts'
import { createRecentQueries } from './recent-queries.ts'
import type { QueryAnswer, QueryRequest } from './run-query.ts'

export interface ServedEngine {
  readonly version: string
  run(request: QueryRequest, pool: PoolName, signal: AbortSignal): Promise<QueryAnswer>
  /** Rejects when the engine can't answer `SELECT 1`. */
  check(): Promise<void>
  /** Queries running and waiting by pool. */
  load(): Readonly<Record<string, { readonly busy: number; readonly waiting: number }>>
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** The part of ClickHouse's HTTP interface that `@clickhouse/client` uses, and `/baton/*` for doctor. */
export const createHttpServer = (engine: ServedEngine, credentials: Credentials): Server => {
  const recent = createRecentQueries(500)

  const answerQuery = async (message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const startedAt = Date.now()
    const queryId = url.searchParams.get('query_id') ?? randomUUID()
    if (!/^[\w.:-]{1,128}$/.test(queryId))
      throw exception(36, 'BAD_ARGUMENTS', 'query_id may have letters, digits and . : _ -')
    response.setHeader('X-ClickHouse-Query-Id', queryId)
    const left = new AbortController()
    response.on('close', () => {
      if (!response.writableFinished) left.abort()
    })
    const { request, pool, requestBytes } = await readRequest(message, url, queryId)
    const note = (found: Partial<QueryAnswer['cost']>, responseBytes: number, failedWith: string | null) =>
      recent.add({
        queryId,
        pool,
        sql: request.sql,
        startedAt,
        waitedMs: found.waitedMs ?? 0,
        ranMs: found.ranMs ?? Date.now() - startedAt,
        readRows: found.readRows ?? 0,
        readBytes: found.readBytes ?? 0,
        writtenRows: found.writtenRows ?? 0,
        requestBytes,
        responseBytes,
        failedWith,
      })
    try {
      const answer = await engine.run(request, pool, left.signal)
      const format = request.defaultFormat
      response.setHeader('Content-Type', contentTypeOf(request.sql, format))
      response.setHeader('X-ClickHouse-Format', format)
      response.setHeader('X-ClickHouse-Summary', summaryOf(answer))
      try {
        const sent = await send(answer, message, response, url)
        note(answer.cost, sent, null)
      } finally {
        await answer.close()
      }
    } catch (error) {
      note({}, 0, exceptionOf(error).message.slice(0, 500))
      throw error
    }
  }

  const send = async (
    answer: QueryAnswer,
    message: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<number> => {
    const tag = randomUUID().replaceAll('-', '').slice(0, 16)
    response.setHeader('X-ClickHouse-Exception-Tag', tag)
    const zipped =
      url.searchParams.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(header(message, 'accept-encoding') ?? '')
    if (zipped) response.setHeader('Content-Encoding', 'gzip')
    let sent = 0
    async function* counted() {
      try {
        for await (const chunk of answer.chunks) {
          sent += chunk.length
          yield chunk
        }
      } catch (error) {
        // The status is on the wire already: ClickHouse's own way to end such a stream.
        const text = Buffer.from(`${worded(exceptionOf(error), engine.version)}\n`)
        yield Buffer.concat([
          Buffer.from(`\r\n__exception__\r\n${tag}\r\n`),
          text,
          Buffer.from(`${text.length} ${tag}\r\n__exception__\r\n`),
        ])
      }
    }
    const through: Writable & NodeJS.ReadWriteStream = zipped ? createGzip({ level: 1 }) : new PassThrough()
    await pipeline(Readable.from(counted(), { objectMode: false }), through, response)
    return sent
  }

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(message.url ?? '/', 'http://embedded')
    response.setHeader('X-ClickHouse-Server-Display-Name', 'baton-embedded')
    response.setHeader('X-ClickHouse-Timezone', 'UTC')
    if (url.pathname === '/ping' || (url.pathname === '/' && message.method === 'GET' && url.search === '')) {
      response.setHeader('Content-Type', 'text/html; charset=UTF-8')
      response.end('Ok.\n')
      return
    }
    if (!isAllowed(message, url, credentials))
      throw exception(
        516,
        'AUTHENTICATION_FAILED',
        'default: Authentication failed: password is incorrect, or there is no user with such name',
      )
    if (url.pathname === '/baton/recent') return sendJson(response, { load: engine.load(), queries: recent.list() })
    if (url.pathname === '/baton/health') {
      await engine.check()
      return sendJson(response, { status: 'ok', version: engine.version })
    }
    if (url.pathname !== '/') {
      response.statusCode = 404
      response.end(`There is no handle ${url.pathname}\n`)
      return
    }
    await answerQuery(message, response, url)
  }

  const server = createServer({ keepAlive: true, noDelay: true, maxHeaderSize: 1024 * 1024 }, (message, response) => {
    handle(message, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) {
        response.destroy()
        return
      }
      const failure = exceptionOf(error)
      response.removeHeader('Content-Encoding')
      response.statusCode = httpStatusOf(failure.code)
      response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
      response.setHeader('X-ClickHouse-Exception-Code', String(failure.code))
      response.end(`${worded(failure, engine.version)}\n`)
    })
  })
  server.keepAliveTimeout = 30_000
  server.requestTimeout = 0
  return server
}

const worded = (failure: ClickHouseException, version: string): string =>
  failure.message.includes('(version ') ? failure.message : `${failure.message} (version ${version} (chdb))`

const summaryOf = ({ cost }: QueryAnswer): string =>
  JSON.stringify({
    read_rows: String(cost.readRows),
    read_bytes: String(cost.readBytes),
    written_rows: String(cost.writtenRows),
    written_bytes: String(cost.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(cost.writtenRows),
    result_bytes: String(cost.writtenBytes),
    elapsed_ns: String(Math.round(cost.ranMs * 1e6)),
  })

const contentTypeOf = (sql: string, defaultFormat: string): string => {
  const format = /\bformat\s+([A-Za-z0-9_]+)\s*;?\s*$/i.exec(sql)?.[1] ?? defaultFormat
  if (/^JSON.*EachRow/.test(format)) return 'application/x-ndjson; charset=UTF-8'
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8'
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8; header=absent'
  if (format.startsWith('TabSeparated') || format.startsWith('TSV')) return 'text/tab-separated-values; charset=UTF-8'
  return 'application/octet-stream'
}

const sendJson = (response: ServerResponse, value: unknown): void => {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(value))
}

const isAllowed = (message: IncomingMessage, url: URL, { user, password }: Credentials): boolean => {
  const basic = /^Basic (.+)$/i.exec(header(message, 'authorization') ?? '')?.[1]
  const decoded = basic === undefined ? null : Buffer.from(basic, 'base64').toString('utf8')
  const colon = decoded?.indexOf(':') ?? -1
  const givenUser =
    header(message, 'x-clickhouse-user') ?? (decoded === null ? url.searchParams.get('user') : decoded.slice(0, colon))
  const givenPassword =
    header(message, 'x-clickhouse-key') ??
    (decoded === null ? url.searchParams.get('password') : decoded.slice(colon + 1))
  return same(givenUser ?? '', user) && same(givenPassword ?? '', password)
}

const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
