import type { IncomingMessage } from 'node:http'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { PoolName } from './engine-config.ts'
import { poolPlans } from './engine-config.ts'
import { exception } from './exception.ts'
import type { QueryRequest } from './run-query.ts'
import { isParameterName, isSettingName } from './session-state.ts'

export interface ReadRequest {
  readonly request: QueryRequest
  readonly pool: PoolName
  readonly requestBytes: number
}

/** One request's rows have to fit in memory; a stream that is longer should come in several inserts. */
const largestBody = 1024 * 1024 * 1024

/** Parts of the URL that are about the request, or about what this process decides itself. */
const notSettings = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'role',
  'quota_key',
  'session_id',
  'session_timeout',
  'session_check',
  'profile',
  'readonly',
  'enable_http_compression',
  'http_zlib_compression_level',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'cancel_http_readonly_queries_on_client_close',
  'http_write_exception_in_output_format',
  'buffer_size',
  'max_query_size',
])

/** Reads URL, headers and body of a query request as ClickHouse's HTTP interface does. */
export const readRequest = async (message: IncomingMessage, url: URL, queryId: string): Promise<ReadRequest> => {
  for (const refused of ['compress', 'decompress', 'session_id', 'role', 'profile'])
    if (url.searchParams.has(refused) && url.searchParams.get(refused) !== '0')
      throw exception(48, 'NOT_IMPLEMENTED', `The URL parameter ${refused} is not supported by the embedded engine`)

  const raw = await readBody(message)
  const form = /^multipart\/form-data/i.test(message.headers['content-type'] ?? '')
    ? await readForm(raw, message.headers['content-type'] ?? '')
    : new Map<string, string>()
  const settings = new Map<string, string>()
  const parameters = new Map<string, string>()
  for (const [name, value] of [...url.searchParams, ...form]) {
    if (name.startsWith('param_')) {
      const bare = name.slice('param_'.length)
      if (!isParameterName(bare))
        throw exception(36, 'BAD_ARGUMENTS', `Parameter name ${JSON.stringify(bare)} is not valid`)
      parameters.set(bare, value)
    } else if (!notSettings.has(name)) {
      if (!isSettingName(name)) throw exception(115, 'UNKNOWN_SETTING', `Setting ${JSON.stringify(name)} is not known`)
      settings.set(name, value)
    }
  }
  const inUrl = url.searchParams.get('query') ?? ''
  const body = form.size > 0 ? Buffer.from(form.get('query') ?? '') : raw
  const isInsert = /^\s*insert\b/i.test(inUrl)
  const limit = Number(url.searchParams.get('readonly') ?? (message.method === 'GET' ? '2' : '0'))
  return {
    pool: poolOf(message.headers['x-baton-pool']),
    requestBytes: raw.length,
    request: {
      queryId,
      sql: isInsert ? inUrl : [inUrl, body.toString('utf8')].filter((part) => part !== '').join('\n'),
      body: isInsert ? body : Buffer.alloc(0),
      wishes: { database: url.searchParams.get('database') ?? 'default', settings, parameters },
      defaultFormat: header(message, 'x-clickhouse-format') ?? url.searchParams.get('default_format') ?? 'TabSeparated',
      readonly: Number.isInteger(limit) && limit >= 0 && limit <= 2 ? limit : 2,
    },
  }
}

export const header = (message: IncomingMessage, name: string): string | undefined => {
  const value = message.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const poolOf = (asked: string | string[] | undefined): PoolName => {
  const names: readonly PoolName[] = ['project', 'tick', 'serve', 'long']
  return names.find((name) => name === asked && name in poolPlans) ?? 'serve'
}

const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = []
  let size = 0
  const collect = new Writable({
    write: (chunk: Buffer, _encoding, next) => {
      size += chunk.length
      parts.push(chunk)
      next(
        size > largestBody
          ? exception(241, 'MEMORY_LIMIT_EXCEEDED', 'A request body may have 1 GiB. Insert in several requests')
          : null,
      )
    },
  })
  const encoding = (header(message, 'content-encoding') ?? '').toLowerCase()
  const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  }
  const decoder = decoders[encoding]
  if (encoding !== '' && decoder === undefined)
    throw exception(
      48,
      'NOT_IMPLEMENTED',
      `Content-Encoding ${encoding} is not supported. Use gzip, deflate, br or zstd`,
    )
  await (decoder === undefined ? pipeline(message, collect) : pipeline(message, decoder(), collect))
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}

/** `@clickhouse/client` sends long parameters this way. */
const readForm = async (raw: Buffer, contentType: string): Promise<Map<string, string>> => {
  const fields = new Map<string, string>()
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData()
  for (const [name, value] of form) {
    if (typeof value !== 'string')
      throw exception(48, 'NOT_IMPLEMENTED', 'External tables in a form are not supported by the embedded engine')
    fields.set(name, value)
  }
  return fields
}
