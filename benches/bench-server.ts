import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { brandAs, type WorkspaceId } from '../server/src/kernel/index.ts'
import { readWhole, unmarkWhole } from '../server/src/people/index.ts'
import { type ClickHouse, createClickHouse } from '../server/src/stores/index.ts'

/** The real program as a user starts it, on a fresh data folder, with a workspace, a write key and ways in. */
export interface BenchServer {
  readonly address: string
  readonly workspaceId: string
  readonly writeKey: string
  /** Those that run now. */
  processes(): readonly { readonly name: string; readonly pid: number }[]
  /** The tables' owner, for filling tables fast; sees past the wall of the workspace it sets. */
  readonly owner: pg.Client
  readonly clickhouse: ClickHouse
  api<T>(method: string, path: string, body?: unknown): Promise<T>
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')
const connectionsFile = z.object({ databaseUrl: z.string(), clickhouseUrl: z.string(), ownerUrl: z.string() })

const runningFile = z.object({ processes: z.array(z.object({ name: z.string(), pid: z.int() })) })

export const startBenchServer = async (
  say: (line: string) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<BenchServer> => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
  chmodSync(dataFolder, 0o755)
  const child = spawn(
    process.execPath,
    [join(root, 'server/src/cli/launch.cjs'), 'start', '--port', '0', '--data', dataFolder],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', process.env.BENCH_ERR ? 'inherit' : 'inherit'],
      env: { ...process.env, BATON_LOG: process.env.BATON_LOG ?? 'warn', ...env },
    },
  )
  const printed = await readUntil(child, /Stop\s+Ctrl-C/)
  const address = must(/Console\s+(http:\S+)/.exec(printed)?.[1])
  const token = must(/Token\s+(\S+)/.exec(printed)?.[1])
  say(`server on ${address}, data in ${dataFolder}`)
  const { cookie, workspaceId } = await signUp(address, token)
  const headers = { cookie, 'baton-workspace': workspaceId, origin: address }
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return JSON.parse(text || 'null')
  }
  const key = await api<{ key: string }>('POST', '/v1/write-keys', { name: 'bench' })
  const connections = connectionsFile.parse(
    Object.assign({}, ...['connections.json'].map((file) => JSON.parse(readFileSync(join(dataFolder, file), 'utf8')))),
  )
  const owner = new pg.Client({ connectionString: connections.ownerUrl })
  await owner.connect()
  await owner.query(`select set_config('baton.workspace', $1, false)`, [workspaceId])
  const clickhouse = createClickHouse({ url: connections.clickhouseUrl })
  return {
    address,
    workspaceId,
    writeKey: key.key,
    processes: () => runningFile.parse(JSON.parse(readFileSync(join(dataFolder, 'running.json'), 'utf8'))).processes,
    owner,
    clickhouse,
    api,
    stop: async () => {
      await owner.end()
      await clickhouse.close()
      child.kill('SIGINT')
      await once(child, 'close')
      if (!process.env.BENCH_KEEP) rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

const signUp = async (address: string, token: string) => {
  const response = await fetch(`${address}/v1/first-run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({
      token,
      name: 'Bench',
      email: 'bench@shop.example',
      password: `bench-${token}`,
      workspace: { name: 'Bench', currency: 'EUR', timeZone: 'Europe/Madrid' },
    }),
  })
  if (!response.ok) throw new Error(`The first run was refused: ${await response.text()}`)
  const cookie = must(response.headers.get('set-cookie')?.split(';')[0])
  const session = await fetch(`${address}/v1/session`, { headers: { cookie } })
  const { workspaces } = z.object({ workspaces: z.array(z.object({ id: z.string() })) }).parse(await session.json())
  return { cookie, workspaceId: must(workspaces[0]).id }
}

const readUntil = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (process.env.BENCH_LOG) appendFileSync(process.env.BENCH_LOG, part)
      if (pattern.test(text)) resolve(text)
    })
    child.once('close', () => reject(new Error(`The server ended: ${text}`)))
  })

const must = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('The server did not say what the bench needs')
  return value
}

/**
 * A first event, and its tick: a workspace in which nothing has happened has nobody to count, and its new segments are
 * live at once. People who are filled in afterwards are counted when the segments are made.
 */
export const firstTick = async (server: BenchServer): Promise<void> => {
  await fetch(`${server.address}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.writeKey}` },
    body: JSON.stringify({ userId: 'first', event: 'Bench Started', messageId: 'bench-started' }),
  })
  for (;;) {
    const { rows } = await server.owner.query('select 1 from segment_tick where live_position > 0 and masks is null')
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Waits until everybody has been looked at for every segment. */
const allCounted = async (server: BenchServer): Promise<void> => {
  for (;;) {
    const { items } = await server.api<{ items: { state: string }[] }>('GET', '/v1/segments?limit=200')
    if (items.every(({ state }) => state === 'live')) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/**
 * Gives everybody who was filled in the mask she has. Whom no tick has seen it takes for new: without one she would enter all
 * her segments at her first event. As after a loss of masks: a worker that is started again finds that not all are there.
 */
const masksFilled = async (server: BenchServer): Promise<void> => {
  const workspaceId = brandAs<WorkspaceId>(server.workspaceId)
  await unmarkWhole(server.clickhouse, workspaceId, 'masks', 'long')
  process.kill(must(server.processes().find(({ name }) => name === 'worker')).pid, 'SIGKILL')
  while (!(await readWhole(server.clickhouse, workspaceId, 'long')).has('masks'))
    await new Promise((resolve) => setTimeout(resolve, 250))
}

/** Changes of membership told so far, as good as: each takes the next number, and one that is given up leaves a gap. */
export const changesTold = async ({ owner }: BenchServer): Promise<number> => {
  const { rows } = await owner.query('select coalesce(max(seq), 0)::float8 as told from membership_change')
  return z.object({ told: z.number() }).parse(rows[0]).told
}

const restMs = 3_000
const mostRestMs = 180_000

/**
 * Until the worker has read ahead whom it has room for, as a server that has run for a minute has: the figures are those of a
 * running system. (What a tick of people who are not remembered takes, the bench `segments` says.)
 */
const readAhead = async (server: BenchServer): Promise<void> => {
  const until = Date.now() + mostRestMs
  for (let last = Date.now(); Date.now() - last < restMs && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const recent = await server.clickhouse.recentQueries()
    for (const { sql, startedAt, ranMs } of recent?.queries ?? [])
      if (sql.includes('groupArray(tuple') && sql.includes('{upTo:UUID}')) last = Math.max(last, startedAt + ranMs)
  }
}

/** After the segments were made: until the server stands as one does that has run for a while. */
export const everybodyKnown = async (server: BenchServer, say: (line: string) => void): Promise<void> => {
  say('counting everybody for every segment')
  await allCounted(server)
  await masksFilled(server)
  say('reading ahead')
  await readAhead(server)
}
