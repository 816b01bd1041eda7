import type { EngineState, ProcessState } from '@baton/contract'
import type { Instant } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { StageTotals } from './operations-store.ts'
import type { ProcessReport } from './probes.ts'
import type { LedgerTotals, QuarantinedTotal } from './workspace-totals.ts'

/** What one scrape can ask, of the whole operation: sums over workspaces, never one of them. */
export interface Scrape {
  readonly at: Instant
  readonly engines: readonly EngineState[]
  /** Empty where processes were started one by one. */
  readonly processes: readonly ProcessState[]
  readonly failures: ProcessReport['failures']
  /** Names of the stages there are. */
  readonly stages: readonly string[]
  /** How far each is; null where PostgreSQL does not answer. */
  readonly positions: readonly StageTotals[] | null
  /** Null until it was counted for the first time. */
  readonly ledger: LedgerTotals | null
  readonly quarantined: readonly QuarantinedTotal[] | null
  /** Asks PostgreSQL; null where it does not answer. */
  ask<T>(read: (tx: Tx, at: Instant) => Promise<T>): Promise<T | null>
}

export interface Reading {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** One figure of `/metrics`: an entry in `metric-list.ts`. */
export interface Metric {
  readonly name: `baton_${string}`
  readonly help: string
  /** A counter only grows, or begins anew with its process. */
  readonly type: 'gauge' | 'counter'
  /** Each with few values that the code knows: no workspace, person or text. */
  readonly labels: readonly string[]
  /** Nothing is said of what is not known: none would mean 0, which would be taken for true. */
  read(scrape: Scrape): Promise<readonly Reading[]> | readonly Reading[]
}
