import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ProcessState } from '@baton/contract'
import { type Clock, type Milliseconds, OperatorError } from '../kernel/index.ts'
import { type ChildMessage, readChildMessage, type SupervisorMessage } from './child-messages.ts'
import { healthyAfterMs, restartDelayMs } from './restart-delay.ts'

export interface ChildSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /**
   * The whole environment of the next start, told how often it was started before; secrets travel here, never in
   * arguments, which every user of the machine can read.
   */
  readonly env: (restarts: number) => Readonly<Record<string, string>>
  /** Where the output of the next start goes: a file descriptor, or `inherit`. */
  readonly output: () => number | 'inherit'
  /** From asking it to stop until it is killed. */
  readonly stopWithinMs: Milliseconds
}

export type Ready = Extract<ChildMessage, { kind: 'ready' }>

export interface Child {
  state(): ProcessState
  /** The first `ready`; rejects when the child refuses to start for a reason the operator has to mend. */
  readonly ready: Promise<Ready>
  tell(message: SupervisorMessage): void
  /** Asks it to finish; resolves when it is gone. */
  stop(): Promise<void>
  /** Ends it now. */
  kill(): void
}

export interface ChildWatcher {
  /** `why` is part of a sentence: "was ended by SIGKILL; it starts again in 0.1 s". */
  changed(state: ProcessState, why: string): void
  said(message: ChildMessage): void
}

/**
 * A child process that is started again when it ends. It leads a process group of its own, so that Ctrl-C in the
 * terminal reaches only the supervisor, which stops things in order; it stops by itself when its channel closes.
 */
export const keepAlive = (spec: ChildSpec, clock: Clock, watcher: ChildWatcher): Child => {
  let child: ChildProcess | null = null
  let stopping = false
  let restarts = 0
  let endsInARow = 0
  let timer: NodeJS.Timeout | null = null
  let current: ProcessState = { name: spec.name, state: 'starting', pid: null, restarts, since: clock.now() }
  const ready = Promise.withResolvers<Ready>()
  ready.promise.catch(() => {})

  const change = (state: ProcessState['state'], why: string): void => {
    current = { name: spec.name, state, pid: child?.pid ?? null, restarts, since: clock.now() }
    watcher.changed(current, why)
  }

  const hear = (raw: unknown): void => {
    const message = readChildMessage(raw)
    if (message === null) return
    if (message.kind === 'ready') {
      change('running', 'is ready')
      ready.resolve(message)
    }
    if (message.kind === 'refused') ready.reject(new OperatorError(message.reason))
    watcher.said(message)
  }

  const start = (): void => {
    timer = null
    const startedAt = clock.now()
    const output = spec.output()
    const started = spawn(spec.command, spec.args, {
      env: spec.env(restarts),
      stdio: ['ignore', output, output, 'ipc'],
      detached: true,
    })
    child = started
    change('starting', 'starts')
    started.on('message', hear)
    let ended = false
    const onEnd = (how: string): void => {
      if (ended) return
      ended = true
      child = null
      if (stopping) {
        change('stopped', how)
        return
      }
      endsInARow = clock.now() - startedAt >= healthyAfterMs ? 1 : endsInARow + 1
      restarts += 1
      const delayMs = restartDelayMs(endsInARow)
      change('restarting', `${how}; it starts again in ${delayMs / 1000} s`)
      timer = setTimeout(start, delayMs)
    }
    started.on('error', (error) => onEnd(error.message))
    started.on('exit', (code, signal) => onEnd(signal === null ? `ended with code ${code}` : `was ended by ${signal}`))
  }
  start()

  return {
    state: () => current,
    ready: ready.promise,
    tell: (message) => {
      // A child that just ended is told again when it is back.
      if (child?.connected === true) child.send(message, () => undefined)
    },
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
      const killer = setTimeout(() => running.kill('SIGKILL'), spec.stopWithinMs)
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
