import { brandAs, type Instant, type Position } from '../kernel/index.ts'

/**
 * Something known about the log: every batch at or above position `from` was received at or after `at`.
 * - A *sample*: domain time is read, then the position below which everything has begun. The collector takes its
 *   transaction number before it stamps the time of receipt, so a batch that begins after the sample is stamped after it.
 * - A *batch* that was read: its write lasted at most a second, so nothing above it was received more than that earlier.
 */
export interface Evidence {
  readonly at: Instant
  readonly from: Position
}

/** What of the log has been read without a gap. */
export interface Reading {
  /** Everything below has finished committing. */
  readonly settled: Position
  /** The first batches that the stage before has not handled, of each lane; null when there is none. */
  readonly unhandled: readonly (Position | null)[]
  /** The last batch read of what it has handled, where more stands beyond it; null when all was read. */
  readonly cutOffAfter: Position | null
}

/** Everything below was read after it had finished committing. */
export const firstUnread = ({ settled, unhandled, cutOffAfter }: Reading): Position =>
  brandAs<Position>(
    Math.min(
      settled,
      ...unhandled.map((position) => position ?? Number.POSITIVE_INFINITY),
      cutOffAfter === null ? Number.POSITIVE_INFINITY : cutOffAfter + 1,
    ),
  )

/**
 * The instant before which every event has been read: the best evidence about what was not. Null when there is none yet.
 * Never after `now`.
 */
export const watermark = (reading: Reading, evidence: readonly Evidence[], now: Instant): Instant | null => {
  const unread = firstUnread(reading)
  let best: Instant | null = null
  for (const { at, from } of evidence) if (from <= unread && (best === null || at > best)) best = at
  return best === null ? null : Math.min(best, now)
}

const samplesKept = 32

/** The samples of one workspace, newest last; older ones are thinned out, so that their number is bounded. */
export const keepSample = (samples: readonly Evidence[], sample: Evidence): readonly Evidence[] => {
  const last = samples.at(-1)
  // The workspace's clock was set back: what was known of later instants is void.
  if (last && sample.at < last.at) return [sample]
  const kept = last?.from === sample.from ? [...samples.slice(0, -1), sample] : [...samples, sample]
  return kept.length <= samplesKept
    ? kept
    : kept.filter((_, index) => index % 2 === 0 || index >= kept.length - samplesKept / 4)
}
