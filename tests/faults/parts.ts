import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createClickHouse, migrate, silentLog, startClickHouse, startPostgres } from '../../server/src/stores/index.ts'
import { freshDataFolder, projectRoot } from '../harness/server-process.ts'

/** Both engines, embedded, migrated, without a supervisor: what it does is done by the test, one process at a time. */
export interface Engines {
  readonly dataFolder: string
  readonly databaseUrl: string
  /** A superuser's, who looks past the wall. */
  readonly adminUrl: string
  readonly clickhouseUrl: string
}

export const startEngines = async (): Promise<Engines> => {
  const dataFolder = freshDataFolder()
  const postgres = await startPostgres({ folder: join(dataFolder, 'postgres'), log: silentLog })
  onTestFinished(() => postgres.stop())
  const clickhouse = await startClickHouse({ folder: join(dataFolder, 'clickhouse'), log: silentLog })
  onTestFinished(() => clickhouse.stop())
  const client = createClickHouse({ url: clickhouse.url })
  await migrate({ ownerUrl: postgres.ownerUrl, appUrl: postgres.appUrl, clickhouse: client, log: silentLog })
  await client.close()
  const adminUrl = new URL(postgres.adminUrl)
  adminUrl.pathname = new URL(postgres.appUrl).pathname
  return { dataFolder, databaseUrl: postgres.appUrl, adminUrl: adminUrl.href, clickhouseUrl: clickhouse.url }
}

/** One api or worker process. */
export interface Part {
  readonly child: ChildProcess
  readonly address: string
  readonly firstRunToken: string | null
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  stop(): Promise<void>
}

export interface PartOptions {
  readonly name: 'api' | 'worker'
  /** Who holds the leases; the same name takes them over at once. */
  readonly holder?: string
  readonly env?: Readonly<Record<string, string>>
}

const secret = 'a secret of thirty-two characters or more'
const ready = z.object({
  kind: z.literal('ready'),
  address: z.string().nullable(),
  firstRunToken: z.string().nullable(),
})

/** Resolves when it says that it works; rejects when it ends before. */
export const startPart = async (engines: Engines, options: PartOptions): Promise<Part> => {
  const { child, ended, stop } = spawnPart(engines, options)
  const told = await Promise.race([firstReady(child), ended])
  if (!('kind' in told)) throw new Error(`The ${options.name} did not start: ${JSON.stringify(told)}`)
  return { child, address: told.address ?? '', firstRunToken: told.firstRunToken, ended, stop }
}

/** One that may die before it is ready. */
export const spawnPart = (
  engines: Engines,
  { name, holder = 'worker', env = {} }: PartOptions,
): Pick<Part, 'child' | 'ended' | 'stop'> => {
  const child = spawn(process.execPath, [join(projectRoot, 'server', 'src', 'cli', 'main.ts'), name], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      // As the launcher says it.
      NODE_COMPILE_CACHE: join(projectRoot, 'node_modules', '.cache', 'baton'),
      TZ: 'UTC',
      BATON_LOG: 'warn',
      BATON_PORT: '0',
      BATON_DATA: engines.dataFolder,
      BATON_SECRET: secret,
      BATON_WORKER_NAME: holder,
      // As the supervisor says it to the first api: it makes the token that makes the first user.
      BATON_FIRST_START: '1',
      DATABASE_URL: engines.databaseUrl,
      CLICKHOUSE_URL: engines.clickhouseUrl,
      ...env,
    },
  })
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-6_000)
    })
  onTestFailed(() => {
    process.stderr.write(`\nThe last words of the ${name}:\n${lastWords}\n`)
  })
  const ended = once(child, 'exit').then(() => ({ code: child.exitCode, signal: child.signalCode }))
  const stop = async (): Promise<void> => {
    // One that is stopped hears nothing.
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await ended
  }
  onTestFinished(stop)
  return { child, ended, stop }
}

const firstReady = (child: ChildProcess) =>
  new Promise<z.infer<typeof ready>>((resolve) => {
    child.on('message', (raw) => {
      const read = ready.safeParse(raw)
      if (read.success) resolve(read.data)
    })
  })
