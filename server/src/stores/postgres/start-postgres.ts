import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '../../kernel/index.ts'
import type { EngineLog, EngineStatus, RunningEngine } from '../engine.ts'
import { commandOf } from '../process-table.ts'
import { assertReachable, type PostgresBinaries, postgresBinaries, type ServerUser, serverUser } from './binaries.ts'
import { type Credentials, keptCredentials } from './credentials.ts'
import { prepareDatabase } from './prepare-database.ts'
import { serverSettings } from './server-settings.ts'

export interface StartPostgres {
  /** Absolute; holds `data/`, the passwords and, if its path is short enough, the socket. */
  readonly folder: string
  readonly log: EngineLog
}

export interface EmbeddedPostgres extends RunningEngine {
  /** The role the program works with: no superuser, owns nothing. */
  readonly appUrl: string
  /** The role that owns the tables; only for migrations. */
  readonly ownerUrl: string
  /** For the harness: creates databases. */
  readonly adminUrl: string
}

export const embeddedDatabase = 'baton'
const startWithinMs = 60_000
const stopWithinMs = 30_000
/** After a killed postmaster its last backends take a moment to let go of the shared memory. */
const leftoverWithinMs = 10_000

/** Starts the embedded PostgreSQL (a real one, on a Unix socket only) and keeps it running. */
export const startPostgres = async ({ folder, log }: StartPostgres): Promise<EmbeddedPostgres> => {
  const binaries = postgresBinaries()
  const user = serverUser()
  mkdirSync(folder, { recursive: true })
  const home = join(folder, 'server')
  mkdirSync(home, { recursive: true })
  if (user !== null) {
    chownSync(home, user.uid, user.gid)
    chmodSync(folder, 0o711)
  }
  chmodSync(home, 0o700)
  assertReachable(user, binaries, home)
  const dataFolder = join(home, 'data')
  const socketFolder = makeSocketFolder(home, user)
  const passwords = keptCredentials(join(folder, 'credentials.json'))
  await initialise(dataFolder, home, binaries, user, passwords)

  const server = { binaries, user, dataFolder, socketFolder, log }
  let status: EngineStatus = 'restarting'
  let stopping = false
  let restarts = 0
  let running = await launch(server)
  const urlOf = (role: string, password: string, database = embeddedDatabase) =>
    `postgres://${role}:${password}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`
  const adminUrl = urlOf('baton_admin', passwords.admin, 'postgres')
  await prepareDatabase(adminUrl, passwords)
  status = 'running'

  const keep = async (): Promise<void> => {
    while (!stopping) {
      const how = await exitOf(running.guard)
      running.guard.stdio[3]?.destroy()
      if (stopping) return
      status = 'restarting'
      log.warn({ engine: 'postgres', ...how }, 'the embedded PostgreSQL ended; starting it again')
      for (let attempt = 0; !stopping; attempt += 1) {
        try {
          running = await launch(server)
          restarts += 1
          status = 'running'
          break
        } catch (error) {
          const waitMs = Math.min(10_000, 200 * 2 ** attempt)
          log.error({ engine: 'postgres', reason: String(error), waitMs }, 'the embedded PostgreSQL did not start')
          await delay(waitMs)
        }
      }
    }
  }
  const kept = keep()

  return {
    kind: 'postgres',
    where: folder,
    adminUrl,
    ownerUrl: urlOf('baton_owner', passwords.owner),
    appUrl: urlOf('baton_app', passwords.app),
    pid: () => postmasterPid(dataFolder),
    status: () => status,
    restarts: () => restarts,
    stop: async () => {
      stopping = true
      await shutDown(running.guard, log)
      await kept
      // A restart may have been under way.
      await shutDown(running.guard, log)
      status = 'stopped'
    },
  }
}

/** A socket's path may have 107 bytes: a long data folder gets a short one beside it, the same at every start. */
const makeSocketFolder = (home: string, user: ServerUser | null): string => {
  const inside = join(home, 'socket')
  const fits = Buffer.byteLength(join(inside, '.s.PGSQL.5432.lock')) <= 100
  const short = join(tmpdir(), `baton-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`)
  const chosen = fits ? inside : short
  mkdirSync(chosen, { recursive: true, mode: 0o700 })
  // In a folder that all may write to, somebody else could have made it first, or a link to elsewhere.
  const found = lstatSync(chosen)
  const mine = found.uid === (process.getuid?.() ?? found.uid) || found.uid === user?.uid
  if (!found.isDirectory() || !mine)
    throw new OperatorError(
      `${chosen} is not a folder of ours. Delete it, or choose a shorter data folder with BATON_DATA.`,
    )
  if (user !== null) chownSync(chosen, user.uid, user.gid)
  chmodSync(chosen, 0o700)
  return chosen
}

/** Made beside and renamed, so that a start killed half-way leaves nothing half-made. */
const initialise = async (
  dataFolder: string,
  home: string,
  binaries: PostgresBinaries,
  user: ServerUser | null,
  passwords: Credentials,
): Promise<void> => {
  if (existsSync(join(dataFolder, 'PG_VERSION'))) return
  const fresh = join(home, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  const passwordFile = join(home, 'initial-password')
  writeFileSync(passwordFile, `${passwords.admin}\n`, { mode: 0o600 })
  if (user !== null) chownSync(passwordFile, user.uid, user.gid)
  try {
    const made = await finished(
      spawn(
        binaries.initdb,
        [
          `--pgdata=${fresh}`,
          '--username=baton_admin',
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          '--locale=C',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--no-instructions',
        ],
        { ...idsOf(user), cwd: '/', env: plainEnvironment, stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    )
    if (made.code !== 0)
      throw new OperatorError(
        `The embedded PostgreSQL could not make its data folder ${fresh}: ${made.output.trim()}. Look at free disk space and the folder's owner.`,
      )
    renameSync(fresh, dataFolder)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

const plainEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/**
 * A shell between us and the server. It holds the read end of a pipe: when that ends, because we closed it or because
 * we were killed, the server is told to shut down (fast). So it never outlives us, and stopping is closing the pipe.
 */
const guardScript = `
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -INT $server 2>/dev/null ) &
watch=$!
exec 3<&-
wait $server
code=$?
kill $watch 2>/dev/null
exit $code
`

interface Server {
  readonly binaries: PostgresBinaries
  readonly user: ServerUser | null
  readonly dataFolder: string
  readonly socketFolder: string
  readonly log: EngineLog
}

const launch = async (server: Server): Promise<{ guard: ChildProcess }> => {
  const until = performance.now() + leftoverWithinMs
  await endLeftover(server.dataFolder, server.log)
  for (;;) {
    const outcome = await launchOnce(server)
    if (outcome.kind === 'ready') return { guard: outcome.guard }
    const leftover = /shared memory block|lock file .* already exists|could not bind|is in use/i.test(outcome.output)
    if (!leftover || performance.now() > until)
      throw new OperatorError(
        `The embedded PostgreSQL did not start: ${outcome.output.trim().slice(-1500) || 'it said nothing'}. ` +
          `Look at free disk space and at ${server.dataFolder}, or set DATABASE_URL to a PostgreSQL server.`,
      )
    await delay(100)
  }
}

type LaunchOutcome =
  | { readonly kind: 'ready'; readonly guard: ChildProcess }
  | { readonly kind: 'ended'; readonly output: string }

const launchOnce = ({ binaries, user, dataFolder, socketFolder, log }: Server): Promise<LaunchOutcome> => {
  const settings = Object.entries(serverSettings(socketFolder)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const guard = spawn(
    '/bin/sh',
    ['-c', guardScript, 'baton-postgres', binaries.postgres, '-D', dataFolder, ...settings],
    {
      ...idsOf(user),
      cwd: '/',
      env: plainEnvironment,
      // A group of its own: Ctrl-C in a terminal must reach us first, so that things stop in order.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  )
  return new Promise((resolve, reject) => {
    let output = ''
    let ready = false
    const late = setTimeout(() => {
      guard.stdio[3]?.destroy()
    }, startWithinMs)
    guard.once('error', reject)
    guard.once('exit', () => {
      clearTimeout(late)
      resolve({ kind: 'ended', output })
    })
    guard.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
      const bad = /\b(FATAL|PANIC):/.test(text)
      if (bad && ready) log.warn({ engine: 'postgres' }, text.trimEnd())
      else log.debug({ engine: 'postgres' }, text.trimEnd())
      if (!ready && output.includes('database system is ready to accept connections')) {
        ready = true
        clearTimeout(late)
        resolve({ kind: 'ready', guard })
      }
    })
  })
}

/** A server left by a process of ours that was killed is on its way out already; it is helped along. */
const endLeftover = async (dataFolder: string, log: EngineLog): Promise<void> => {
  const pid = postmasterPid(dataFolder)
  if (pid === null || !isPostgresOf(pid, dataFolder)) return
  log.warn({ engine: 'postgres', pid }, 'a PostgreSQL of an earlier start still runs on the data folder; ending it')
  const until = performance.now() + stopWithinMs
  signal(pid, 'SIGINT')
  while (isPostgresOf(pid, dataFolder)) {
    if (performance.now() > until) signal(pid, 'SIGQUIT')
    await delay(50)
  }
}

const postmasterPid = (dataFolder: string): number | null => {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

/** Process ids are used again: only a process that was started on this very folder counts. */
const isPostgresOf = (pid: number, dataFolder: string): boolean => commandOf(pid)?.includes(dataFolder) ?? false

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already: what was wanted.
  }
}

const shutDown = async (guard: ChildProcess, log: EngineLog): Promise<void> => {
  if (guard.exitCode !== null || guard.signalCode !== null) return
  const ended = exitOf(guard)
  guard.stdio[3]?.destroy()
  const late = setTimeout(() => {
    log.error(
      { engine: 'postgres' },
      'the embedded PostgreSQL did not shut down in time; ending it (it recovers at its next start)',
    )
    if (guard.pid !== undefined) signal(-guard.pid, 'SIGQUIT')
  }, stopWithinMs)
  await ended
  clearTimeout(late)
}

const exitOf = (child: ChildProcess): Promise<{ code: number | null; signal: string | null }> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve({ code: child.exitCode, signal: child.signalCode })
    : new Promise((resolve) => child.once('exit', (code, name) => resolve({ code, signal: name })))

const idsOf = (user: ServerUser | null) => (user === null ? {} : { uid: user.uid, gid: user.gid })

const finished = (child: ChildProcess): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
