import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Clock, type Instant, type Milliseconds, OperatorError } from '../kernel/index.ts'
import { identityOf } from './process-identity.ts'
import { healthyAfterMs, restartDelayMs } from './restart-delay.ts'

/** Exit code of a process that says what the operator has to change: starting it again would not help. */
export const operatorExitCode = 78

export interface ChildSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment; secrets travel here, never in arguments, which every user of the machine can read. */
  readonly env: Readonly<Record<string, string>>
  /** Where its output goes: a file descriptor, or `inherit`. */
  readonly output: number | 'inherit'
  /** What it says when it is asked to stop must happen within this time; then it is killed. */
  readonly stopMs: Milliseconds
}

/** What a child says through its channel. */
export type ChildMessage = { readonly kind: 'ready'; readonly firstRunToken: string | null }

export interface ChildState {
  readonly name: string
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped'
  readonly pid: number | null
  readonly began: string
  readonly restarts: number
  readonly since: Instant
}

export interface Child {
  state(): ChildState
  /** Resolves with the first `ready`; rejects when the child ends with `operatorExitCode` before it. */
  readonly ready: Promise<ChildMessage>
  /** Asks it to finish; resolves when it is gone. */
  stop(): Promise<void>
  /** Ends it now. */
  kill(): void
}

/**
 * A child process that is started again when it ends. It leads a process group of its own, so that Ctrl-C in the
 * terminal reaches only the supervisor, which stops things in order; it stops by itself when its channel closes.
 */
export const keepAlive = (spec: ChildSpec, clock: Clock, onChange: (state: ChildState, why: string) => void): Child => {
  let child: ChildProcess | null = null
  let stopping = false
  let restarts = 0
  let restartsInARow = 0
  let timer: NodeJS.Timeout | null = null
  let current: ChildState = { name: spec.name, state: 'starting', pid: null, began: '', restarts, since: clock.now() }
  const ready = Promise.withResolvers<ChildMessage>()
  ready.promise.catch(() => {})

  const change = (state: ChildState['state'], why: string): void => {
    const pid = child?.pid ?? null
    current = {
      name: spec.name,
      state,
      pid,
      began: pid === null ? '' : identityOf(pid).began,
      restarts,
      since: clock.now(),
    }
    onChange(current, why)
  }

  const start = (): void => {
    timer = null
    const startedAt = clock.now()
    const started = spawn(spec.command, spec.args, {
      env: spec.env,
      stdio: ['ignore', spec.output, spec.output, 'ipc'],
      detached: true,
    })
    child = started
    change('starting', 'started')
    started.on('message', (message) => {
      if (!isReady(message)) return
      change('running', 'ready')
      ready.resolve(message)
    })
    let ended = false
    const onEnd = (how: string, code: number | null): void => {
      if (ended) return
      ended = true
      child = null
      if (stopping) {
        change('stopped', how)
        return
      }
      if (code === operatorExitCode) ready.reject(new OperatorError(`The ${spec.name} process could not start.`))
      restartsInARow = clock.now() - startedAt >= healthyAfterMs ? 1 : restartsInARow + 1
      restarts += 1
      const delayMs = restartDelayMs(restartsInARow)
      change('restarting', `${how}; it starts again in ${delayMs / 1000} s`)
      timer = setTimeout(start, delayMs)
    }
    started.on('error', (error) => onEnd(error.message, null))
    started.on('exit', (code, signal) =>
      onEnd(signal === null ? `ended with code ${code}` : `was ended by ${signal}`, code),
    )
  }
  start()

  return {
    state: () => current,
    ready: ready.promise,
    async stop() {
      stopping = true
      if (timer !== null) clearTimeout(timer)
      const running = child
      if (running === null) {
        change('stopped', 'was not running')
        return
      }
      const gone = once(running, 'exit')
      running.kill('SIGTERM')
      const killer = setTimeout(() => running.kill('SIGKILL'), spec.stopMs)
      await gone
      clearTimeout(killer)
    },
    kill() {
      stopping = true
      if (timer !== null) clearTimeout(timer)
      child?.kill('SIGKILL')
    },
  }
}

const isReady = (message: unknown): message is ChildMessage =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready'
