import type { Logger } from 'pino'
import { RetryableError } from '../kernel/index.ts'
import type { People } from '../people/index.ts'
import type { ClickHouse, Postgres, Tx } from '../stores/index.ts'
import type { MaskConsumer, MasksChanged } from './mask-consumer.ts'

/** What the tick works with. */
export interface SegmentsStageDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly log: Logger
  readonly people: Pick<People, 'feed' | 'projected' | 'personsOf'>
  readonly consumers: readonly MaskConsumer[]
  /** People of a full recomputation's slice; for tests and benches. */
  readonly sliceSize?: number
  /** People whose changes by new versions are written at once; for tests. */
  readonly swapPage?: number
  /** Bound of the facts remembered between ticks; a share of the machine's memory unless said otherwise. */
  readonly factsBytes?: number
}

export const tellConsumers = async (
  deps: Pick<SegmentsStageDeps, 'consumers'>,
  tx: Tx,
  masks: MasksChanged,
): Promise<void> => {
  if (masks.changes.length === 0) return
  for (const consumer of deps.consumers) await consumer.changed(tx, masks)
}

export class OvertakenError extends RetryableError {
  constructor() {
    super('A tick was sealed, or rules were changed, in this workspace meanwhile; this turn is given up', 0)
  }
}
