import type { Instant } from '../kernel/index.ts'
import type { PeopleBatch } from '../people/index.ts'

type Received = Pick<PeopleBatch, 'receivedAt' | 'events'>

/**
 * When what these batches hold was received, first and last; null for none. A batch none of whose events counts
 * (duplicates, say) carries the machine's time, and says nothing of the workspace's own, which may have been moved.
 */
const receiptsOf = (batches: readonly Received[]): readonly Instant[] =>
  batches.flatMap(({ events, receivedAt }) => (events.length === 0 ? [] : [receivedAt]))

/** The instant of a tick: facts can't be from after it; and time never goes back, though clocks do. */
export const tickTime = (batches: readonly Received[], turnNow: Instant, stateNow: Instant): Instant =>
  receiptsOf(batches).reduce((latest, at) => Math.max(latest, at), Math.max(turnNow, stateNow))

/** Before any of these facts: so far time alone may be caught up with. */
export const timeBefore = (batches: readonly Received[], turnNow: Instant): Instant =>
  receiptsOf(batches).reduce((earliest, at) => Math.min(earliest, at), turnNow)
