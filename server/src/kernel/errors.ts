import type { Milliseconds } from './clock.ts'

/** Durable work will never succeed as it stands: say why and stop trying. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError'
}

/** Durable work may succeed later. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError'
  readonly afterMs: Milliseconds
  constructor(message: string, afterMs: Milliseconds, options?: ErrorOptions) {
    super(message, options)
    this.afterMs = afterMs
  }
}

/** Something that can't be, was: ours to mend. */
export class BugError extends Error {
  override readonly name = 'BugError'
}

/** A start or a command can't go on; the message ends with what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
