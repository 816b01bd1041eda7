import type { Instant, Position } from '../kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../people/index.ts'

/** Which of the batches read may be applied now. */
export interface DueBatches {
  /** The last batch to apply; null: none. */
  readonly to: Position | null
  /** Their events that anyone listens for, in order of receipt. */
  readonly events: readonly PersonEvent[]
  /** Every event received before this is among them or was applied earlier; timers due at or before may fire. */
  readonly until: Instant | null
  /** The earliest event that has to wait. */
  readonly waitingFrom: Instant | null
  /** Batches were left that could be applied at once. */
  readonly more: boolean
}

/**
 * Cuts a prefix of the batches so that what is applied is also a prefix in time: nothing received later than the
 * watermark, or than an event that stays behind. Positions and times of receipt cross by milliseconds when several
 * collectors write at once.
 */
export const dueBatches = (
  batches: readonly PeopleBatch[],
  listensFor: (event: PersonEvent) => boolean,
  watermark: Instant | null,
  mostEvents: number,
): DueBatches => {
  const heard = batches.map((batch) => batch.events.filter(listensFor))
  const earliestFrom = earliestReceivedFrom(heard)
  let take = 0
  let latest = Number.NEGATIVE_INFINITY
  let count = 0
  let scanned = 0
  let full = false
  for (const events of heard) {
    count += events.length
    if (scanned > 0 && count > mostEvents && take > 0) {
      full = true
      break
    }
    for (const event of events) latest = Math.max(latest, event.receivedAt)
    scanned += 1
    const rest = earliestFrom[scanned] ?? Number.POSITIVE_INFINITY
    if (latest === Number.NEGATIVE_INFINITY || (watermark !== null && latest <= Math.min(watermark, rest)))
      take = scanned
  }
  const rest = earliestFrom[take] ?? Number.POSITIVE_INFINITY
  const waitingFrom = rest === Number.POSITIVE_INFINITY ? null : rest
  return {
    to: batches[take - 1]?.position ?? null,
    events: heard
      .slice(0, take)
      .flat()
      .toSorted((left, right) => left.receivedAt - right.receivedAt),
    until: watermark === null ? null : Math.min(watermark, rest),
    waitingFrom,
    more: full,
  }
}

/** For each index, the earliest instant of receipt among the events from there on. */
const earliestReceivedFrom = (heard: readonly (readonly PersonEvent[])[]): readonly Instant[] => {
  const earliest: Instant[] = []
  let soFar = Number.POSITIVE_INFINITY
  for (let index = heard.length - 1; index >= 0; index -= 1) {
    for (const event of heard[index] ?? []) soFar = Math.min(soFar, event.receivedAt)
    earliest[index] = soFar
  }
  return earliest
}
