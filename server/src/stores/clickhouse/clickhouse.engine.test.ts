import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { testStores } from '../../../../tests/harness/stores.ts'

/** The contract of the HTTP interface: runs against the embedded engine, or against a server named by CLICKHOUSE_URL. */
const { clickhouse, clickhouseUrl } = await testStores()
const embedded = process.env.CLICKHOUSE_URL === undefined
const address = new URL(clickhouseUrl)
const database = address.pathname.slice(1)
const credentials = { 'x-clickhouse-user': address.username, 'x-clickhouse-key': address.password }

const post = (query: Record<string, string>, body?: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${address.origin}/?${new URLSearchParams({ database, ...query })}`, {
    method: 'POST',
    headers: { ...credentials, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  })

const failure = async (sql: string, params: Record<string, unknown> = {}) => {
  try {
    await clickhouse.query({ sql, params })
  } catch (error) {
    return error
  }
  throw new Error(`${sql} did not fail`)
}

describe('parameters', () => {
  const hostile = [
    "it's",
    "'; DROP TABLE t; --",
    'a\\b',
    '\\',
    "\\'",
    'tab\there',
    'line\nbreak',
    '\r\n',
    '',
    '`"',
    '{x:String}',
    'ünïcödé 🎼',
    'NULL',
    '\\N',
  ]

  test.each(hostile)('%j arrives as it was sent', async (value) => {
    const rows = await clickhouse.query({
      sql: 'SELECT {value:String} AS value, {list:Array(String)} AS list, {map:Map(String, String)} AS map',
      params: { value, list: [value, value], map: { [value]: value } },
    })
    expect(rows).toEqual([{ value, list: [value, value], map: { [value]: value } }])
  })

  test('numbers, dates, nulls, UUIDs and identifiers are bound too', async () => {
    const id = '0193a000-0000-7000-8000-000000000001'
    const rows = await clickhouse.query({
      sql: `SELECT {n:UInt64} AS n, {f:Float64} AS f, {none:Nullable(String)} AS none, {ids:Array(UUID)} AS ids,
        {at:DateTime64(3, 'UTC')} AS at, {flag:Bool} AS flag, name FROM system.{table:Identifier} LIMIT 1`,
      params: {
        n: 2 ** 53 - 1,
        f: 0.1,
        none: null,
        ids: [id],
        at: new Date(1_700_000_000_123),
        flag: true,
        table: 'databases',
      },
    })
    expect(rows).toEqual([
      {
        n: 2 ** 53 - 1,
        f: 0.1,
        none: null,
        ids: [id],
        at: '2023-11-14 22:13:20.123',
        flag: true,
        name: expect.any(String),
      },
    ])
  })

  test('a list too long for an address goes in the body', async () => {
    const ids = Array.from({ length: 30_000 }, (_, index) => `person-${index}`)
    const sql = 'SELECT length({ids:Array(String)}) AS n, {ids:Array(String)}[-1] AS last'
    expect(await clickhouse.query({ sql, params: { ids } })).toEqual([{ n: 30_000, last: 'person-29999' }])
  })

  test('a query that forgot one does not get the value of the query before', async () => {
    for (let turn = 0; turn < 8; turn += 1)
      await clickhouse.query({ sql: 'SELECT {secret:String}', params: { secret: 'of another workspace' } })
    const reasons = await Promise.all(Array.from({ length: 8 }, () => failure('SELECT {secret:String}')))
    for (const reason of reasons) expect(reason).toMatchObject({ code: '456', type: 'UNKNOWN_QUERY_PARAMETER' })
  })

  test('many at once keep their own', async () => {
    const values = Array.from({ length: 200 }, (_, index) => `value ${index}`)
    const answers = await Promise.all(
      values.map((value) => clickhouse.query({ sql: 'SELECT {value:String} AS value', params: { value } })),
    )
    expect(answers).toEqual(values.map((value) => [{ value }]))
  })
})

describe('inserts', () => {
  beforeAll(async () => {
    await clickhouse.command({
      sql: "CREATE TABLE fact (id UInt64, at DateTime64(3, 'UTC'), data JSON) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100",
    })
  })

  test('text that looks like a date stays text in JSON', async () => {
    const data = {
      day: '2024-01-01',
      instant: '2024-01-01T10:00:00Z',
      spaced: '2024-01-01 10:00:00',
      nested: { day: '2024-02-29' },
      list: ['2024-01-01'],
    }
    await clickhouse.insert({ table: 'fact', rows: [{ id: 1, at: '2024-01-01T00:00:00.123Z', data }] })
    const rows = await clickhouse.query({
      sql: `SELECT data, toUnixTimestamp64Milli(at) AS at, dynamicType(data.day) AS type, dynamicType(data.list) AS lists FROM fact WHERE id = 1`,
    })
    expect(rows).toEqual([{ data, at: 1_704_067_200_123, type: 'String', lists: 'Array(Nullable(String))' }])
  })

  test('lines that are JSON already are sent as they are', async () => {
    const lines = '[2,1704067200000,{"a":"é\\n"}]\n[3,"2024-01-01 00:00:00.000",{}]\n'
    const work = await clickhouse.insert({
      table: 'fact',
      columns: ['id', 'at', 'data'],
      rows: Buffer.from(lines),
      format: 'JSONCompactEachRow',
    })
    expect(work.writtenRows).toBe(2)
    const rows = await clickhouse.query({ sql: 'SELECT id, data FROM fact WHERE id IN (2, 3) ORDER BY id' })
    expect(rows).toEqual([
      { id: 2, data: { a: 'é\n' } },
      { id: 3, data: {} },
    ])
  })

  test('the same token again inserts nothing', async () => {
    const batch = { table: 'fact', rows: [{ id: 10, at: 0, data: {} }], dedupToken: 'batch-7' }
    await clickhouse.insert(batch)
    await clickhouse.insert(batch)
    await clickhouse.insert({ ...batch, dedupToken: 'batch-8' })
    expect(await clickhouse.query({ sql: 'SELECT count() AS n FROM fact WHERE id = 10' })).toEqual([{ n: 2 }])
  })

  test('a bad row fails the whole insert and says which', async () => {
    const insert = clickhouse.insert({ table: 'fact', rows: '{"id":20}\n{"id":"not a number"}\n' })
    await expect(insert).rejects.toThrow(/id.*\n?.*at row 2|at row 2/s)
    expect(await clickhouse.query({ sql: 'SELECT count() AS n FROM fact WHERE id = 20' })).toEqual([{ n: 0 }])
  })

  test('gzip goes in and comes out', async () => {
    const put = await post({ query: 'INSERT INTO fact FORMAT JSONEachRow' }, gzipSync('{"id":30}\n'), {
      'content-encoding': 'gzip',
    })
    expect(put.status).toBe(200)
    expect(JSON.parse(put.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ written_rows: '1' })
    const got = await post(
      { query: 'SELECT id FROM fact WHERE id = 30 FORMAT TabSeparated', enable_http_compression: '1' },
      undefined,
      { 'accept-encoding': 'gzip' },
    )
    expect(got.headers.get('content-encoding')).toBe('gzip')
    expect(await got.text()).toBe('30\n')
    expect(gunzipSync(gzipSync('30\n')).toString()).toBe('30\n')
  })

  test('query and rows in one body, and INSERT … SELECT', async () => {
    expect((await post({}, 'INSERT INTO fact (id) FORMAT TabSeparated\n40\n41\n')).status).toBe(200)
    await clickhouse.command({
      sql: 'INSERT INTO fact (id) SELECT id + {by:UInt64} FROM fact WHERE id = 41',
      params: { by: 1 },
    })
    const rows = await clickhouse.query({ sql: 'SELECT id FROM fact WHERE id BETWEEN 40 AND 49 ORDER BY id' })
    expect(rows).toEqual([{ id: 40 }, { id: 41 }, { id: 42 }])
  })
})

describe('errors', () => {
  test('have ClickHouse’s code, name and text', async () => {
    const reason = await failure('SELECT nope FROM system.one')
    expect(reason).toMatchObject({ code: '47', type: 'UNKNOWN_IDENTIFIER', message: expect.stringContaining('nope') })
    const answer = await post({}, 'SELEC 1')
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('62')
    expect(await answer.text()).toMatch(/^Code: 62\. DB::Exception: Syntax error.*\(SYNTAX_ERROR\) \(version /s)
    expect((await post({}, 'SELECT * FROM no_such_table')).status).toBe(404)
  })

  test('an unknown setting is refused, and the connection is fit for the next query', async () => {
    expect((await post({ no_such_setting: '1' }, 'SELECT 1')).headers.get('x-clickhouse-exception-code')).toBe('115')
    for (let turn = 0; turn < 12; turn += 1) expect(await (await post({}, 'SELECT 1')).text()).toBe('1\n')
  })

  test('one statement a request', async () => {
    expect((await post({}, 'SELECT 1; SELECT 2')).headers.get('x-clickhouse-exception-code')).toBe('62')
  })

  test('a read can’t write, read files or lift its own limits', async () => {
    const readonly = { code: '164', type: 'READONLY' }
    expect(await failure('CREATE TABLE t (a UInt8) ENGINE = Memory')).toMatchObject(readonly)
    expect(await failure('ALTER TABLE fact DELETE WHERE id = 1')).toMatchObject(readonly)
    expect(await failure("SELECT * FROM file('/etc/passwd', LineAsString)")).toMatchObject({
      code: expect.stringMatching(/164|497|291/),
    })
    expect(await failure("SELECT * FROM url('http://127.0.0.1:1/', LineAsString)")).toMatchObject({
      code: expect.stringMatching(/164|497/),
    })
    expect(await failure('SELECT 1 SETTINGS max_execution_time = 0')).toMatchObject(readonly)
  })

  test('a query that runs too long is ended', async () => {
    const slow = clickhouse.query({
      sql: 'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 0',
      settings: { max_execution_time: 1, max_threads: 1 },
    })
    await expect(slow).rejects.toMatchObject({ code: '159', type: 'TIMEOUT_EXCEEDED' })
  })

  test('an error in the middle of a stream is an error, not a short answer', async () => {
    const read = async () => {
      let rows = 0
      for await (const block of clickhouse.stream<{ n: number }>({
        sql: 'SELECT number AS n, throwIf(number = 3000000) FROM system.numbers LIMIT 5000000',
        settings: { max_threads: 1, max_block_size: 65536 },
      }))
        rows += block.length
      return rows
    }
    await expect(read()).rejects.toMatchObject({ type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO' })
  })
})

describe('the interface', () => {
  test('answers ping without, and queries only with the password', async () => {
    expect(await (await fetch(`${address.origin}/ping`)).text()).toBe('Ok.\n')
    expect(await clickhouse.ping()).toBe(true)
    const wrong = { 'x-clickhouse-user': address.username, 'x-clickhouse-key': 'wrong' }
    for (const headers of [wrong, {}, { authorization: `Basic ${btoa('baton:')}` }]) {
      const answer = await fetch(`${address.origin}/?query=SELECT+1`, { headers })
      if (!embedded && answer.ok) continue
      expect(answer.status).toBe(403)
      expect(answer.headers.get('x-clickhouse-exception-code')).toBe('516')
    }
    const basic = { authorization: `Basic ${btoa(`${address.username}:${address.password}`)}` }
    expect(await (await fetch(`${address.origin}/?query=SELECT+1`, { headers: basic })).text()).toBe('1\n')
  })

  test('keeps the query’s id, and settings of one query to that query', async () => {
    const answer = await post(
      { query_id: 'my-query-1', max_threads: '1' },
      "SELECT getSetting('max_threads'), timezone()",
    )
    expect(answer.headers.get('x-clickhouse-query-id')).toBe('my-query-1')
    expect(await answer.text()).toMatch(/^1\t(UTC|Etc\/UTC)\n$/)
    for (let turn = 0; turn < 12; turn += 1)
      expect(await (await post({}, "SELECT getSetting('max_block_size')")).text()).toBe(
        await (await post({}, "SELECT getSetting('max_block_size')")).text(),
      )
  })

  test('streams rows in blocks', async () => {
    let rows = 0
    let blocks = 0
    for await (const block of clickhouse.stream<{ n: number }>({ sql: 'SELECT number AS n FROM numbers(300000)' })) {
      rows += block.length
      blocks += 1
    }
    expect(rows).toBe(300_000)
    expect(blocks).toBeGreaterThan(1)
  })

  test('a reader that leaves ends its query and frees its connection', async () => {
    const sql = 'SELECT number AS n FROM system.numbers'
    for (let turn = 0; turn < 8; turn += 1)
      for await (const block of clickhouse.stream<{ n: number }>({ sql })) {
        expect(block.length).toBeGreaterThan(0)
        break
      }
    const leaving = new AbortController()
    const counting = clickhouse.query({
      sql: 'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 7',
      signal: leaving.signal,
    })
    await running('sipHash64(number) = 7', 1)
    leaving.abort()
    await expect(counting).rejects.toThrow()
    await running('sipHash64(number) = 7', 0)
  })

  test('eight short queries are not held up by four long ones', async () => {
    const leaving = new AbortController()
    const long = Array.from({ length: 4 }, (_, index) =>
      clickhouse
        .query({
          sql: `SELECT count() FROM numbers(100000000000) WHERE sipHash64(number, 'long ${index}') = 0`,
          pool: index === 0 ? 'tick' : 'long',
          settings: { max_threads: 1 },
          signal: leaving.signal,
        })
        .catch(() => 'ended'),
    )
    await running("sipHash64(number, 'long", 4)
    const short = await Promise.all(
      Array.from({ length: 8 }, (_, n) => clickhouse.query({ sql: 'SELECT {n:UInt8} AS n', params: { n } })),
    )
    expect(short.flat()).toEqual(Array.from({ length: 8 }, (_, n) => ({ n })))
    // All four are still at it: nothing waited for them.
    expect(await count("sipHash64(number, 'long")).toBeGreaterThanOrEqual(4)
    leaving.abort()
    expect(await Promise.all(long)).toEqual(['ended', 'ended', 'ended', 'ended'])
    await running("sipHash64(number, 'long", 0)
  })

  test.runIf(embedded)('says for doctor what ran', async () => {
    await clickhouse.query({ sql: 'SELECT 1 AS remembered' })
    const recent = await clickhouse.recentQueries()
    expect(recent?.queries.find(({ sql }) => sql.includes('remembered'))).toMatchObject({
      pool: 'serve',
      failedWith: null,
    })
  })

  test.runIf(embedded)('keeps what it acknowledged through a power cut', async () => {
    const rows = await clickhouse.query<{ name: string; value: string }>({
      sql: `SELECT name, value FROM system.merge_tree_settings WHERE name IN
        ('fsync_after_insert', 'fsync_part_directory', 'min_rows_to_fsync_after_merge', 'min_compressed_bytes_to_fsync_after_merge', 'old_parts_lifetime') ORDER BY name`,
    })
    expect(rows.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'fsync_after_insert=1',
      'fsync_part_directory=1',
      'min_compressed_bytes_to_fsync_after_merge=1',
      'min_rows_to_fsync_after_merge=1',
      'old_parts_lifetime=480',
    ])
  })
})

const count = async (text: string): Promise<number> => {
  const rows = await clickhouse.query<{ n: number }>({
    sql: `SELECT count() AS n FROM system.processes WHERE NOT is_cancelled AND position(query, {text:String}) > 0 AND position(query, 'system.processes') = 0`,
    params: { text },
  })
  return rows[0]?.n ?? 0
}

/** Until that many queries with this text are running; the test's own time limit ends it. */
const running = async (text: string, wanted: number): Promise<void> => {
  while ((await count(text)) !== wanted) await new Promise((resolve) => setImmediate(resolve))
}
