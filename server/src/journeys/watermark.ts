import type { Evidence } from '../jobs/index.ts'
import type { Milliseconds } from '../kernel/index.ts'
import type { PeopleBatch } from '../people/index.ts'

/** The longest a write transaction of the collector may last. */
export const longestWriteMs: Milliseconds = 1000

export const evidenceOfBatch = (batch: PeopleBatch): Evidence => ({
  at: Math.min(batch.receivedAt, ...batch.events.map((event) => event.receivedAt)) - longestWriteMs,
  from: batch.position,
})
