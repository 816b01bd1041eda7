import type { Milliseconds } from '../kernel/index.ts'

/** More than a few things in one turn: more are on their way. */
export const busyFrom = 30
const restShare = 0.5

/** How often a stage's turns may come whose cost is the same however little they are about. */
export interface Pace {
  /** Where things keep coming, from the beginning of one turn to that of the next. */
  readonly leastCycleMs: Milliseconds
  readonly mostRestMs: Milliseconds
}

/** How long a stage rests after a turn: for a share of the time it took; where things keep coming, until its cycle is over. */
export const restAfter = (
  { handled, tookMs }: { readonly handled: number; readonly tookMs: Milliseconds },
  { leastCycleMs, mostRestMs }: Pace,
): Milliseconds => {
  const leastMs = handled >= busyFrom ? leastCycleMs - tookMs : 0
  return Math.min(mostRestMs, Math.max(leastMs, tookMs * restShare))
}
