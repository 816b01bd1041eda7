import type { EngineState, ProcessState } from '@baton/contract'
import type { Instant, Milliseconds, WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { readClickHouseVersion } from './engine-sql.ts'
import type { LedgerCount } from './ledger-balance.ts'
import { readPostgresVersion } from './operations-store.ts'

/** One engine as it can be asked whether it works. */
export interface EngineProbe {
  readonly name: EngineState['name']
  readonly kind: EngineState['kind']
  /** Answers with the engine's version, or throws. */
  version(): Promise<string>
}

/** Asks both engines for their version, which needs them to work. */
export const engineProbes = (
  stores: { readonly postgres: Postgres; readonly clickhouse: ClickHouse },
  kinds: Readonly<Record<EngineState['name'], EngineState['kind']>>,
): readonly EngineProbe[] => [
  { name: 'postgres', kind: kinds.postgres, version: () => stores.postgres.inGlobal(readPostgresVersion) },
  { name: 'clickhouse', kind: kinds.clickhouse, version: () => readClickHouseVersion(stores.clickhouse) },
]

/** What the supervisor tells its children about one another; empty where processes were started one by one. */
export interface ProcessReport {
  readonly processes: readonly ProcessState[]
  /** Failed turns of each stage since the worker's start. */
  readonly failures: ReadonlyMap<string, { readonly count: number; readonly last: string; readonly at: Instant }>
}

/** Counts the send ledger of a workspace; the messages room implements it. */
export type LedgerProbe = (workspaceId: WorkspaceId) => Promise<LedgerCount>

const engineAnswersWithinMs: Milliseconds = 2_000

/** Asks the engine; one that hangs counts as failed after 2 s. */
export const askEngine = async (probe: EngineProbe): Promise<EngineState> => {
  const began = performance.now()
  try {
    const version = await within(engineAnswersWithinMs, probe.version())
    return { ...of(probe), state: 'ok', version, answeredInMs: Math.round(performance.now() - began), reason: null }
  } catch (error) {
    return { ...of(probe), state: 'failed', version: null, answeredInMs: null, reason: reasonOf(error) }
  }
}

/** The promise's value, or an error when it takes too long; the work itself may go on. */
export const within = async <T>(limitMs: Milliseconds, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${limitMs / 1000} s`)), limitMs)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

const of = ({ name, kind }: EngineProbe) => ({ name, kind })

/** An error of several addresses tried (`AggregateError`) has no message of its own. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  if (!(error instanceof Error)) return String(error)
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}
