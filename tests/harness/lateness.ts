import type { ExpectedRun } from './expected-runs.ts'
import type { Testimony } from './witness-journal.ts'
import type { HeldRun } from './witness-verdict.ts'

/** From when to when something was broken, in ms since 1970. */
export interface Trouble {
  readonly from: number
  readonly to: number
}

/** How late mails arrived whose wait began, and ended, while nothing was broken. */
export interface Lateness {
  readonly mails: number
  /** Null of no mails. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

/** After trouble there is work to catch up with. */
const settlesWithinMs = 5_000
/** Whether a mail counts must not depend on how late it is, so only this long after it was due. */
const watchedForMs = 2_000

/**
 * From the instant before which the mail could not be due (when its cart event was first sent, plus the wait) to its
 * arrival: the answer's own time is in it. Of sure entries that were sent once.
 */
export const latenessOf = (
  expected: readonly ExpectedRun[],
  held: readonly HeldRun[],
  { events, mailedAt }: Pick<Testimony, 'events' | 'mailedAt'>,
  { waitMs, troubles }: { readonly waitMs: number; readonly troubles: readonly Trouble[] },
): Lateness => {
  const once = new Set(events.flatMap(({ messageId, times }) => (times === 1 ? [messageId] : [])))
  const isHealthy = ({ dueFrom }: ExpectedRun) =>
    troubles.every(({ from, to }) => to + settlesWithinMs < dueFrom - waitMs || from > dueFrom + watchedForMs)
  const sure = new Map(
    expected
      .filter((of) => of.entered === 'must' && once.has(of.messageId) && isHealthy(of))
      .map((of) => [of.messageId, of.dueFrom]),
  )
  const lateBy = held
    .flatMap((run) => {
      const dueFrom = sure.get(run.messageId)
      return dueFrom === undefined
        ? []
        : run.messages.flatMap(({ messageId }) => {
            const at = mailedAt.get(messageId)
            return at === undefined ? [] : [at - dueFrom]
          })
    })
    .toSorted((left, right) => left - right)
  const at = (share: number) => lateBy[Math.max(0, Math.ceil(share * lateBy.length) - 1)] ?? null
  return { mails: lateBy.length, p50Ms: at(0.5), p99Ms: at(0.99) }
}
