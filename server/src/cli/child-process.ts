import { OperatorError } from '../kernel/index.ts'
import type { ChildMessage } from '../supervisor/index.ts'

/**
 * Resolves when this process is asked to stop: by a signal, or because the supervisor is gone. The listeners stay: the
 * same Ctrl-C arrives from the terminal, from npm and from the launcher, and a signal nobody listens to ends the process.
 */
export const untilToldToStop = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
    process.once('disconnect', () => resolve())
    if (process.channel !== undefined && !process.connected) resolve()
  })

/** Says something to the supervisor; nothing happens where this process was started by hand. */
export const tellSupervisor = (message: ChildMessage): void => {
  if (process.connected) process.send?.(message)
}

/**
 * Runs a long-lived process: starts it, waits until it is told to stop, stops it. What the operator has to mend is told
 * to the supervisor, which gives up instead of trying again.
 */
export const runUntilStopped = async (start: () => Promise<{ stop: () => Promise<void> }>): Promise<void> => {
  const toldToStop = untilToldToStop()
  let running: { stop: () => Promise<void> }
  try {
    running = await start()
  } catch (error) {
    if (error instanceof OperatorError) tellSupervisor({ kind: 'refused', reason: error.message })
    throw error
  }
  await toldToStop
  await running.stop()
  process.exit(0)
}
