import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '../../kernel/index.ts'
import type { EngineLog } from '../engine.ts'
import { commandOf } from '../process-table.ts'
import type { PostgresBinaries, ServerUser } from './binaries.ts'
import { endFamily, signal } from './end-family.ts'
import { greet } from './greeting.ts'
import { serverSettings } from './server-settings.ts'

const startWithinMs = 60_000
const stopWithinMs = 30_000
/** From the last, hard word to a server until its processes are ended. */
const heedsWithinMs = 10_000
const greetsWithinMs = 5_000
/** After a killed postmaster its last backends take a moment to let go of the shared memory. */
const leftoverWithinMs = 10_000

export const plainEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

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

export interface Server {
  readonly binaries: PostgresBinaries
  readonly user: ServerUser | null
  readonly dataFolder: string
  readonly socketFolder: string
  readonly log: EngineLog
}

export const launch = async (server: Server): Promise<{ guard: ChildProcess }> => {
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

const launchOnce = (server: Server): Promise<LaunchOutcome> => {
  const { binaries, user, dataFolder, socketFolder, log } = server
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
    /** One that recovers from a crash is given all the time it needs. */
    const lookAgain = async (): Promise<void> => {
      if ((await greet(socketFolder, greetsWithinMs)) === 'answers') {
        log.warn({ engine: 'postgres' }, 'the embedded PostgreSQL still starts: it recovers from a crash')
        if (!ready) late = setTimeout(() => void lookAgain(), startWithinMs)
      } else if (!ready) await shutDown(guard, server)
    }
    let late = setTimeout(() => void lookAgain(), startWithinMs)
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
  const from = performance.now()
  signal(pid, 'SIGINT')
  while (isPostgresOf(pid, dataFolder)) {
    const waitedMs = performance.now() - from
    if (waitedMs > stopWithinMs) signal(pid, 'SIGQUIT')
    if (waitedMs > stopWithinMs + heedsWithinMs) await endFamily(pid)
    await delay(50)
  }
}

export const postmasterPid = (dataFolder: string): number | null => {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

/** Process ids are used again: only a process that was started on this very folder counts. */
const isPostgresOf = (pid: number, dataFolder: string): boolean => commandOf(pid)?.includes(dataFolder) ?? false

/** Ends a server that heeds nothing, with all its processes, and the shell between us. */
export const endNow = async (guard: ChildProcess, { dataFolder }: Pick<Server, 'dataFolder'>): Promise<void> => {
  const pid = postmasterPid(dataFolder)
  if (pid !== null && isPostgresOf(pid, dataFolder)) await endFamily(pid)
  if (guard.exitCode === null && guard.signalCode === null && guard.pid !== undefined) signal(-guard.pid, 'SIGKILL')
}

export const shutDown = async (
  guard: ChildProcess,
  { dataFolder, log }: Pick<Server, 'dataFolder' | 'log'>,
): Promise<void> => {
  if (guard.exitCode !== null || guard.signalCode !== null) return
  const ended = exitOf(guard)
  guard.stdio[3]?.destroy()
  const late = setTimeout(() => {
    log.error(
      { engine: 'postgres' },
      'the embedded PostgreSQL did not shut down in time; ending it (it recovers at its next start)',
    )
    const pid = postmasterPid(dataFolder)
    if (pid !== null && isPostgresOf(pid, dataFolder)) signal(pid, 'SIGQUIT')
  }, stopWithinMs)
  const last = setTimeout(() => void endNow(guard, { dataFolder }), stopWithinMs + heedsWithinMs)
  await ended
  clearTimeout(late)
  clearTimeout(last)
}

export const exitOf = (child: ChildProcess): Promise<{ code: number | null; signal: string | null }> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve({ code: child.exitCode, signal: child.signalCode })
    : new Promise((resolve) => child.once('exit', (code, name) => resolve({ code, signal: name })))

export const idsOf = (user: ServerUser | null) => (user === null ? {} : { uid: user.uid, gid: user.gid })
