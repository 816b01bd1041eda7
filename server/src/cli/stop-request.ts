import { constants } from 'node:os'

/** A command that ends in good order when it is asked to stop. */
export interface StopRequest {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** As shells count it: 130 after Ctrl-C, 143 after SIGTERM; null while nobody asked. */
  exitCode(): number | null
  /** From here on signals do what they always do. */
  release(): void
}

/** The same Ctrl-C arrives from the terminal and from npm: the first one stops, the others change nothing. */
export const listenForStop = (): StopRequest => {
  const stop = new AbortController()
  let exitCode: number | null = null
  const onSignal = (signal: NodeJS.Signals): void => {
    exitCode ??= 128 + constants.signals[signal]
    stop.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return {
    signal: stop.signal,
    exitCode: () => exitCode,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
