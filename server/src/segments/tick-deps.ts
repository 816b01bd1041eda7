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
  readonly people: Pick<People, 'feed' | 'projected' | 'personsOf' | 'hasAnybody'>
  readonly consumers: readonly MaskConsumer[]
  /** People of a full recomputation's slice; for tests and benches. */
  readonly sliceSize?: number
  /** People whose changes by new versions are written at once; for tests. */
  readonly swapPage?: number
  /** People whose lost masks are made at once; for tests. */
  readonly refilledAtOnce?: number
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

/** Said on the Operations page, and by the doctor, as what the stage fails by; `rebuild` is found within as long. */
export class ClickHouseLostError extends RetryableError {
  constructor() {
    super(
      'ClickHouse does not hold what was projected into it before, so nobody enters or leaves a segment: run "baton rebuild"',
      5_000,
    )
  }
}
