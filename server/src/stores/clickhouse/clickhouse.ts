import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { RetryableError } from '../../kernel/index.ts'
import { type RecentQueries, readRecentQueries } from './recent-queries.ts'

export { ClickHouseError }

/** Who a query is for; a slow one holds only its own kind. A server other than ours ignores it. */
export type ClickHousePool = 'project' | 'tick' | 'serve' | 'long'

export type ClickHouseSettings = Readonly<Record<string, string | number>>

export interface ClickHouseQuery {
  /**
   * Placeholders are `{name:Type}`; values travel beside the text, never in it. No FORMAT clause, and in a read no
   * SETTINGS clause (reads run with `readonly=1`): use `settings`.
   */
  readonly sql: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly settings?: ClickHouseSettings
  /** `serve` unless said otherwise. */
  readonly pool?: ClickHousePool
  readonly signal?: AbortSignal
}

export interface ClickHouseInsert {
  readonly table: string
  readonly columns?: readonly string[]
  /**
   * Objects; or text that is one JSON value a line already, sent as it is: objects for `JSONEachRow` (the default),
   * arrays in the order of `columns` for `JSONCompactEachRow`.
   */
  readonly rows: readonly object[] | string | Buffer
  readonly format?: 'JSONEachRow' | 'JSONCompactEachRow'
  readonly settings?: ClickHouseSettings
  /** The same token again within the table's window is not inserted again (not after a power cut: check the tail then). */
  readonly dedupToken?: string
  readonly pool?: ClickHousePool
}

export interface ClickHouseWork {
  readonly readRows: number
  readonly writtenRows: number
}

export interface ClickHouse {
  /** All rows. Only reads: a statement that writes is refused. */
  query<Row>(query: ClickHouseQuery): Promise<readonly Row[]>
  /** Rows in blocks, as they come; for answers that should not stand in memory whole. Pool `long` unless said otherwise. */
  stream<Row>(query: ClickHouseQuery): AsyncIterable<readonly Row[]>
  /** DDL, mutations, INSERT … SELECT. */
  command(query: ClickHouseQuery): Promise<ClickHouseWork>
  insert(insert: ClickHouseInsert): Promise<ClickHouseWork>
  ping(): Promise<boolean>
  /** What ran lately, newest first, for doctor; null on a server that is not ours. */
  recentQueries(): Promise<RecentQueries | null>
  readonly database: string
  close(): Promise<void>
}

export interface ClickHouseConfig {
  /** With user and password; a path names the database. */
  readonly url: string
  /** Wins over the one in the address. */
  readonly database?: string
}

/**
 * The same for every query, embedded or server: text that looks like a date stays text in JSON columns, ISO dates are
 * understood, 64-bit integers arrive as numbers, and a long rule query fits.
 */
const always: ClickHouseSettings = {
  input_format_try_infer_dates: 0,
  input_format_try_infer_datetimes: 0,
  date_time_input_format: 'best_effort',
  output_format_json_quote_64bit_integers: 0,
  max_query_size: 64 * 1024 * 1024,
  max_ast_elements: '1000000',
  max_expanded_ast_elements: '2000000',
  max_parser_backtracks: '50000000',
  cancel_http_readonly_queries_on_client_close: 1,
}

/** Seconds a query of a pool may run: a client that leaves does not always end it. */
const maxExecutionSeconds: Readonly<Record<ClickHousePool, number>> = { project: 120, tick: 120, serve: 30, long: 1800 }

/** A read that found nobody listening is tried again for so long: an engine of ours is back within it. */
const patienceMs = 5_000

export const createClickHouse = ({ url, database }: ClickHouseConfig): ClickHouse => {
  const address = new URL(url)
  const name = database ?? (decodeURIComponent(address.pathname.slice(1)) || 'default')
  address.pathname = ''
  const client = createClient({
    url: address,
    database: name,
    max_open_connections: 64,
    // The server's side of `max_execution_time` ends a query first.
    request_timeout: 1_900_000,
    use_multipart_params_auto: true,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: ClickHouseLogLevel.OFF },
  })
  return clickHouseOver(client, name, () => readRecentQueries(address))
}

const clickHouseOver = (
  client: ClickHouseClient,
  database: string,
  recentQueries: () => Promise<RecentQueries | null>,
): ClickHouse => {
  const requestOf = (query: ClickHouseQuery, pool: ClickHousePool, settings: ClickHouseSettings = {}) => ({
    query: query.sql,
    ...(query.params === undefined ? {} : { query_params: { ...query.params } }),
    ...(query.signal === undefined ? {} : { abort_signal: query.signal }),
    http_headers: { 'x-baton-pool': pool },
    clickhouse_settings: { ...always, max_execution_time: maxExecutionSeconds[pool], ...query.settings, ...settings },
  })

  return {
    database,
    query: async <Row>(query: ClickHouseQuery): Promise<readonly Row[]> => {
      const read = async (): Promise<Row[]> => {
        const result = await client.query({
          ...requestOf(query, query.pool ?? 'serve', { readonly: '1' }),
          format: 'JSONEachRow',
        })
        return result.json<Row>()
      }
      return patiently(read, query.signal)
    },
    stream: async function* <Row>(query: ClickHouseQuery) {
      const open = () =>
        client.query({ ...requestOf(query, query.pool ?? 'long', { readonly: '1' }), format: 'JSONEachRow' })
      const result = await patiently(open, query.signal)
      for await (const rows of result.stream<Row>()) yield rows.map((row) => row.json<Row>())
    },
    command: async (query) => {
      const { summary } = await reachable(() => client.command(requestOf(query, query.pool ?? 'project')))
      return workOf(summary)
    },
    insert: async (insert) => {
      const { table, rows, columns, format = 'JSONEachRow', dedupToken } = insert
      if (rows.length === 0) return { readRows: 0, writtenRows: 0 }
      const pool = insert.pool ?? 'project'
      const list = columns === undefined ? '' : ` (${columns.map(quoted).join(', ')})`
      return reachable(async () => {
        const { stream, summary } = await client.exec({
          query: `INSERT INTO ${table.split('.').map(quoted).join('.')}${list} FORMAT ${format}`,
          values: bytesOf(typeof rows === 'string' || Buffer.isBuffer(rows) ? rows : linesOf(rows)),
          http_headers: { 'x-baton-pool': pool },
          clickhouse_settings: {
            ...always,
            max_execution_time: maxExecutionSeconds[pool],
            ...insert.settings,
            ...(dedupToken === undefined ? {} : { insert_deduplication_token: dedupToken }),
          },
        })
        stream.resume()
        return workOf(summary)
      })
    },
    ping: async () => (await client.ping()).success,
    recentQueries,
    close: () => client.close(),
  }
}

const quoted = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``

const linesOf = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n')

/** One chunk, not one a character. */
const bytesOf = (text: string | Buffer): Readable => {
  const stream = new Readable({ objectMode: false, read: () => {} })
  stream.push(text)
  stream.push(null)
  return stream
}

const workOf = (summary: { read_rows?: string; written_rows?: string } | undefined): ClickHouseWork => ({
  readRows: Number(summary?.read_rows ?? 0),
  writtenRows: Number(summary?.written_rows ?? 0),
})

const lostConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
const isLost = (error: unknown): boolean =>
  lostConnection.has(codeOf(error)) || (error instanceof Error && error.message.includes('socket hang up'))

/** A lost connection becomes a RetryableError; whether a write had arrived is not known then. */
const reachable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!isLost(error)) throw error
    throw new RetryableError('ClickHouse does not answer. Is it starting, or is CLICKHOUSE_URL wrong?', 500, {
      cause: error,
    })
  }
}

const patiently = async <T>(read: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  const until = performance.now() + patienceMs
  for (let waitMs = 20; ; waitMs = Math.min(500, waitMs * 2)) {
    try {
      return await read()
    } catch (error) {
      if (signal?.aborted === true || !isLost(error) || performance.now() + waitMs > until)
        return reachable(() => Promise.reject(error))
      await delay(waitMs)
    }
  }
}
