import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessState } from '@baton/contract'
import { addressOf, type Config, configEnvironment } from '../config.ts'
import { type Clock, idOf, type Milliseconds, OperatorError, secondMs } from '../kernel/index.ts'
import { type Child, keepAlive } from './child.ts'
import type { ChildMessage } from './child-messages.ts'
import { forgetConnections, writeConnections } from './connections-file.ts'
import { buildConsole, type ConsoleBuild } from './console-build.ts'
import { type Claim, claimDataFolder, type Running } from './data-folder.ts'
import type { Engines } from './engines.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import { choosePort, portRemedy, probePort } from './port.ts'
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts'
import { createTryAgainLater } from './try-again-later.ts'

export interface SuperviseDeps {
  readonly config: Config
  /** The project's root, where `console/` stands. */
  readonly root: string
  /** Runs `baton <command>` as a child. */
  readonly entry: string
  readonly clock: Clock
  /** One calm line for the terminal. */
  readonly say: (line: string) => void
  /** Starts or reaches the engines and brings their tables up to date. */
  readonly startEngines: () => Promise<Engines>
  /** Further settings for the children, asked when the engines run: the secret, that the sample shop is wanted. */
  readonly extraEnvironment?: () => Readonly<Record<string, string>>
  /** Aborted while things start: what has begun is stopped again. Nothing hears it once everything runs. */
  readonly signal: AbortSignal
}

export interface Supervised {
  readonly address: string
  readonly firstRunToken: string | null
  readonly console: ConsoleBuild
  readonly engineTitles: readonly string[]
  /** api, then worker, then engines; each finishes what it is at. */
  stop(): Promise<void>
  /** Ends api and worker now; the engines still stop in order, which is safe at any time. */
  hurry(): void
}

const apiStopMs: Milliseconds = 10 * secondMs
const workerStopMs: Milliseconds = 15 * secondMs
const readyWithinMs: Milliseconds = 60 * secondMs
const lookAtLogsEveryMs: Milliseconds = 60 * secondMs
const tryAgainEveryMs: Milliseconds = 10 * secondMs
const sampleLeftLine =
  'The sample was left for your own data and is not made again: this is the same as npm start. (A new --data folder has a new one.)'
const lookAtEnginesEveryMs: Milliseconds = 500

/**
 * Starts everything in order and keeps it running; throws with the remedy, leaving nothing behind, when it can't, and
 * the signal's reason when that is aborted before everything runs.
 */
export const supervise = async (deps: SuperviseDeps): Promise<Supervised> => {
  const { say } = deps
  const claim = claimDataFolder(deps.config.dataFolder)
  const undo: (() => Promise<void> | void)[] = [() => claim.release()]
  const stopAll = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    await endLeftBehind(claim, say)
    deps.signal.throwIfAborted()
    const config = await withFreePort(deps.config)
    return await startAll({ ...deps, config }, claim, undo, stopAll)
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** Port 0 becomes a free one; links lead there, unless the settings name another address. */
const withFreePort = async (config: Config): Promise<Config> => {
  if (config.port === 0) {
    const port = await choosePort(config.host)
    const isOwn = config.publicUrl === addressOf(config.host, 0)
    return { ...config, port, publicUrl: isOwn ? addressOf(config.host, port) : config.publicUrl }
  }
  const state = await probePort(config.host, config.port)
  if (state.kind !== 'free') throw new OperatorError(portRemedy(state, config.port))
  return config
}

const startAll = async (
  deps: SuperviseDeps,
  claim: Claim,
  undo: (() => Promise<void> | void)[],
  stopAll: () => Promise<void>,
): Promise<Supervised> => {
  const { config, clock, say } = deps
  const building = buildConsole(deps.root)
  const engines = await deps.startEngines()
  undo.push(() => engines.stop())
  deps.signal.throwIfAborted()
  writeConnections(config.dataFolder, engines.connections)
  undo.push(() => forgetConnections(config.dataFolder))

  const startedAt = clock.now()
  let failures: Extract<ChildMessage, { kind: 'failures' }>['failures'] = []
  let isStopping = false
  let isRecorded = true
  const tryToRecord = createTryAgainLater(say, `What runs could not be written down in ${config.dataFolder}`)
  const children: Child[] = []

  const engineStates = (): ProcessState[] =>
    engines.own.map((engine) => ({
      name: engine.name,
      state: engine.status(),
      pid: engine.pid(),
      restarts: engine.restarts(),
      since: startedAt,
    }))
  const publish = (): void => {
    const processes = [...children.map((child) => child.state()), ...engineStates()]
    for (const child of children) child.tell({ kind: 'processes', processes, failures })
    isRecorded = tryToRecord(() => claim.record(runningOf(config, startedAt, processes)))
  }
  const recordAgain = setInterval(() => {
    if (!isRecorded) publish()
  }, tryAgainEveryMs)
  undo.push(() => clearInterval(recordAgain))
  const launch = (name: 'api' | 'worker', stopWithinMs: Milliseconds): Child => {
    const log = openLogFile(config.dataFolder, name)
    undo.push(trimNowAndThen(log, name, say))
    const child = keepAlive(
      {
        name,
        command: process.execPath,
        args: [deps.entry, name],
        output: () => log.descriptor(),
        stopWithinMs,
        env: (restarts) => ({
          ...inherited(restarts),
          ...configEnvironment(config),
          DATABASE_URL: engines.connections.databaseUrl,
          CLICKHOUSE_URL: engines.connections.clickhouseUrl,
          ...deps.extraEnvironment?.(),
          BATON_ENGINES: engines.own.map((engine) => engine.name.toLowerCase()).join(','),
          BATON_WORKER_NAME: `${name}@${hostname()}:${idOf(config.dataFolder).slice(0, 8)}`,
          // The token for the first account is made and printed once, not at every restart.
          BATON_FIRST_START: restarts === 0 ? '1' : '0',
          TZ: 'UTC',
          UV_THREADPOOL_SIZE: '8',
        }),
      },
      clock,
      {
        changed: (state, why) => {
          if (!isStopping && state.state === 'restarting') say(`The ${name} process ${why}.`)
          if (!isStopping && state.state === 'running' && state.restarts > 0) say(`The ${name} process is back.`)
          publish()
        },
        said: (message) => {
          if (message.kind === 'sample-left' && child.state().restarts === 0) say(sampleLeftLine)
          if (message.kind !== 'failures') return
          failures = message.failures
          publish()
        },
      },
    )
    children.push(child)
    undo.push(() => child.stop())
    return child
  }

  undo.push(watchEngines(engines, publish, say, () => isStopping))
  // Stopping goes backwards: what is launched last, the api, drains first.
  const worker = launch('worker', workerStopMs)
  const api = launch('api', apiStopMs)
  const [apiReady] = await withinStart(Promise.all([api.ready, worker.ready]), config, deps.signal)
  publish()
  const console = await building
  deps.signal.throwIfAborted()
  return {
    address: config.publicUrl,
    firstRunToken: apiReady.firstRunToken,
    console,
    engineTitles: engines.titles,
    stop: () => {
      isStopping = true
      return stopAll()
    },
    hurry: () => {
      for (const child of children) child.kill()
    },
  }
}

/** What a killed supervisor left running would hold the port and the leases. */
const endLeftBehind = async (claim: Claim, say: (line: string) => void): Promise<void> => {
  const left = claim.leftBehind.filter(({ name }) => name === 'api' || name === 'worker')
  if (left.length === 0) return
  say('The last run was ended without stopping; ending what it left behind.')
  const signalAll = (signal: NodeJS.Signals, to: readonly ProcessIdentity[]): void => {
    for (const { pid } of to) {
      try {
        process.kill(pid, signal)
      } catch {
        // Gone meanwhile.
      }
    }
  }
  signalAll('SIGTERM', left)
  for (let waited = 0; waited < 50 && left.some(isAlive); waited += 1) await delay(100)
  signalAll('SIGKILL', left.filter(isAlive))
}

/** Says when an engine went away and came back; the stores start it again by themselves. */
const watchEngines = (
  engines: Engines,
  publish: () => void,
  say: (line: string) => void,
  isStopping: () => boolean,
): (() => void) => {
  const known = new Map(
    engines.own.map((engine) => [engine.name, { status: engine.status(), restarts: engine.restarts() }]),
  )
  const timer = setInterval(() => {
    for (const engine of engines.own) {
      const before = known.get(engine.name)
      const now = { status: engine.status(), restarts: engine.restarts() }
      if (before?.status === now.status && before.restarts === now.restarts) continue
      known.set(engine.name, now)
      if (!isStopping()) {
        if (now.status === 'running') say(`${engine.name} is back.`)
        else say(`${engine.name} is down; it is started again.`)
      }
      publish()
    }
  }, lookAtEnginesEveryMs)
  return () => clearInterval(timer)
}

const withinStart = async <T>(work: Promise<T>, config: Config, signal: AbortSignal): Promise<T> => {
  const isOver = new AbortController()
  const limit = delay(readyWithinMs, null, { signal: AbortSignal.any([isOver.signal, signal]) }).then(() => {
    throw new OperatorError(
      `Baton did not get ready in ${readyWithinMs / secondMs} s. Why stands at the end of ${join(config.dataFolder, 'logs')}/*.log.`,
    )
  })
  try {
    return await Promise.race([work, limit])
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    isOver.abort()
    limit.catch(() => {})
  }
}

const trimNowAndThen = (log: LogFile, name: string, say: (line: string) => void): (() => void) => {
  const tryTo = createTryAgainLater(say, `${log.path} could not be kept small`)
  const trim = (): void => {
    if (log.trim())
      say(
        `${log.path} was moved away; a new one is there, which the ${name} process writes into from its next start on.`,
      )
  }
  const timer = setInterval(() => tryTo(trim), lookAtLogsEveryMs)
  return () => {
    clearInterval(timer)
    log.close()
  }
}

const runningOf = (config: Config, startedAt: number, processes: readonly ProcessState[]): Running => ({
  address: addressOf(config.host, config.port),
  startedAt,
  processes: processes.flatMap(({ pid, ...rest }) => (pid === null ? [] : [{ ...rest, ...identityOf(pid) }])),
})

/**
 * Of our own environment a child gets what it needs to run and Baton's settings; not NODE_OPTIONS, and the named crash
 * of a test only at its first start, or it would crash for ever.
 */
const inherited = (restarts: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => {
      const isWanted =
        ['PATH', 'HOME', 'LANG', 'TMPDIR'].includes(name) ||
        name.startsWith('BATON_') ||
        (name === 'CRASH_AT' && restarts === 0)
      return isWanted && value !== undefined ? [[name, value]] : []
    }),
  )
