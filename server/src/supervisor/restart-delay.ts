import { type Milliseconds, secondMs } from '../kernel/index.ts'

/** A process that stayed up this long counts as healthy: its next end starts the series anew. */
export const healthyAfterMs: Milliseconds = 30 * secondMs

const firstMs: Milliseconds = 100
const longestMs: Milliseconds = 10 * secondMs

/** How long to wait before the n-th restart in a row (from 1): 100 ms, doubling, at most 10 s. */
export const restartDelayMs = (restartsInARow: number): Milliseconds =>
  Math.min(longestMs, firstMs * 2 ** Math.max(0, restartsInARow - 1))
