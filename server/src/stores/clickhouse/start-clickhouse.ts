import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '../../kernel/index.ts'
import type { EngineLog, RunningEngine } from '../engine.ts'
import { threadPoolSize } from './child/engine-config.ts'
import type { FromChild, ToChild } from './child/protocol.ts'

export interface StartClickHouse {
  /** Absolute; the engine keeps `data/` and its configuration there. */
  readonly folder: string
  readonly log: EngineLog
}

export interface EmbeddedClickHouse extends RunningEngine {
  /** With user and password, as `CLICKHOUSE_URL` is written. */
  readonly url: string
}

const childFile = fileURLToPath(new URL('./child/main.ts', import.meta.url))
const startWithinMs = 60_000
const healthEveryMs = 2_000
const healthWithinMs = 15_000

/** Starts the embedded ClickHouse and keeps it running: one that dies or stops answering is started again at the same address. */
export const startClickHouse = async ({ folder, log }: StartClickHouse): Promise<EmbeddedClickHouse> => {
  const user = 'baton'
  const password = randomBytes(24).toString('base64url')
  let stopping = false
  let status: 'running' | 'restarting' | 'stopped' = 'restarting'
  let restarts = 0

  let { child, port } = await launch(folder, 0, user, password, log)
  status = 'running'

  const keep = async (): Promise<void> => {
    while (!stopping) {
      const how = await exitOf(child)
      if (stopping) return
      status = 'restarting'
      log.warn({ engine: 'clickhouse', ...how }, 'the embedded ClickHouse ended; starting it again')
      for (let attempt = 0; !stopping; attempt += 1) {
        try {
          child = (await launch(folder, port, user, password, log)).child
          restarts += 1
          status = 'running'
          break
        } catch (error) {
          const waitMs = Math.min(10_000, 100 * 2 ** attempt)
          log.error({ engine: 'clickhouse', reason: String(error), waitMs }, 'the embedded ClickHouse did not start')
          await delay(waitMs)
        }
      }
    }
  }
  const kept = keep()
  const watch = watchHealth(
    () => (status === 'running' ? { port, user, password } : null),
    () => {
      log.warn({ engine: 'clickhouse' }, 'the embedded ClickHouse does not answer; ending it')
      child.kill('SIGKILL')
    },
  )

  return {
    kind: 'clickhouse',
    where: folder,
    url: `http://${user}:${password}@127.0.0.1:${port}`,
    pid: () => child.pid ?? null,
    status: () => status,
    restarts: () => restarts,
    stop: async () => {
      stopping = true
      clearInterval(watch)
      await shutDown(child)
      await kept
      // A restart may have been under way.
      await shutDown(child)
      status = 'stopped'
    },
  }
}

const shutDown = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = exitOf(child)
  say(child, { kind: 'stop' })
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(late)
}

/** One child process, up to the moment it listens. */
const launch = async (folder: string, port: number, user: string, password: string, log: EngineLog) => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', childFile], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C in a terminal must reach us first, so that things stop in order.
    detached: true,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? folder,
      TZ: 'UTC',
      UV_THREADPOOL_SIZE: String(threadPoolSize()),
    },
  })
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000)
      log.debug({ engine: 'clickhouse' }, text.trimEnd())
    })
  try {
    const listening = await new Promise<Extract<FromChild, { kind: 'listening' }>>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`it did not listen within ${startWithinMs / 1000} s`)),
        startWithinMs,
      )
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        clearTimeout(late)
        reject(new Error(`it ended with ${signal ?? code}: ${lastWords.trim()}`))
      })
      child.once('message', (message: FromChild) => {
        clearTimeout(late)
        if (message.kind === 'listening') resolve(message)
        else reject(new Error(message.reason))
      })
      say(child, { kind: 'start', folder, port, user, password })
    })
    return { child, port: listening.port }
  } catch (error) {
    child.kill('SIGKILL')
    throw new OperatorError(
      `The embedded ClickHouse did not start: ${error instanceof Error ? error.message : String(error)}. ` +
        `Look at the disk of ${folder}, or set CLICKHOUSE_URL to a ClickHouse server.`,
      { cause: error },
    )
  }
}

const say = (child: ChildProcess, message: ToChild): void => {
  // A child that is already gone is noticed by its exit.
  child.send(message, () => undefined)
}

const exitOf = (child: ChildProcess): Promise<{ code: number | null; signal: string | null }> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve({ code: child.exitCode, signal: child.signalCode })
    : new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))

/** Calls `onHung` when the engine has not answered for 15 s. */
const watchHealth = (
  target: () => { port: number; user: string; password: string } | null,
  onHung: () => void,
): NodeJS.Timeout => {
  let answeredAt = performance.now()
  let asking = false
  const timer = setInterval(async () => {
    const engine = target()
    if (engine === null) answeredAt = performance.now()
    if (engine === null || asking) return
    asking = true
    try {
      const answer = await fetch(`http://127.0.0.1:${engine.port}/baton/health`, {
        headers: { 'x-clickhouse-user': engine.user, 'x-clickhouse-key': engine.password },
        signal: AbortSignal.timeout(healthWithinMs),
      })
      if (answer.ok) answeredAt = performance.now()
      await answer.arrayBuffer()
    } catch {
      // Judged below by how long it has been silent.
    } finally {
      asking = false
    }
    if (performance.now() - answeredAt > healthWithinMs) {
      answeredAt = performance.now()
      onHung()
    }
  }, healthEveryMs)
  timer.unref()
  return timer
}
