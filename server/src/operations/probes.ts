import type { EngineState, ProcessState } from '@baton/contract'
import { type Clock, type Instant, type Milliseconds, RetryableError, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres } from '../stores/index.ts'
import { readClickHouseVersion } from './engine-sql.ts'
import type { LedgerCount } from './ledger-balance.ts'
import { readPostgresVersion } from './operations-store.ts'

/** One engine as it can be asked whether it works. */
export interface EngineProbe {
  readonly name: EngineState['name']
  readonly kind: EngineState['kind']
  /** Answers with the engine's version, or throws. Nobody waits for it any more once the signal is given. */
  version(signal: AbortSignal): Promise<string>
}

export type EngineKinds = Readonly<Record<EngineState['name'], EngineState['kind']>>

/** Asks the engines for their version, which needs them to work; null: one whose address nobody knows. */
export const engineProbes = (
  { postgres, clickhouse }: { readonly postgres: Postgres | null; readonly clickhouse: ClickHouse | null },
  kinds: EngineKinds,
): readonly EngineProbe[] => [
  ...(postgres === null
    ? []
    : [{ name: 'postgres', kind: kinds.postgres, version: () => postgres.askGlobal(readPostgresVersion) } as const]),
  ...(clickhouse === null
    ? []
    : [
        {
          name: 'clickhouse',
          kind: kinds.clickhouse,
          version: (signal: AbortSignal) => readClickHouseVersion(clickhouse, signal),
        } as const,
      ]),
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

/**
 * Asks engines, and remembers since when one has been away. One that hangs counts as failed after 2 s, and the question
 * is taken back, so that questions do not pile up before it.
 */
export const createEngineAsker = (probes: readonly EngineProbe[], clock: Clock): (() => Promise<EngineState[]>) => {
  /** Whether it was ever asked, and the instant of its first refusal since it last answered. */
  const known = new Map<EngineProbe, Instant | null>()

  const awaySince = (probe: EngineProbe, at: Instant): Instant | null => {
    // Away at the first question: it may have been so for long.
    if (!known.has(probe)) return null
    const since = known.get(probe) ?? at
    known.set(probe, since)
    return since
  }

  const ask = async (probe: EngineProbe): Promise<EngineState> => {
    const at = clock.now()
    const began = performance.now()
    const patience = new AbortController()
    try {
      const version = await within(engineAnswersWithinMs, probe.version(patience.signal))
      known.set(probe, null)
      const answeredInMs = Math.round(performance.now() - began)
      return { ...of(probe), state: 'ok', version, answeredInMs, reason: null, awaySince: null }
    } catch (error) {
      const away = { version: null, answeredInMs: null, reason: reasonOf(error), awaySince: awaySince(probe, at) }
      return { ...of(probe), state: 'failed', ...away }
    } finally {
      patience.abort()
    }
  }

  return () => Promise.all(probes.map(ask))
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

/** That it does not answer is said already: a RetryableError's cause says why. An error of several addresses tried (`AggregateError`) has no message of its own. */
const reasonOf = (error: unknown): string => {
  if (error instanceof RetryableError && error.cause !== undefined) return reasonOf(error.cause)
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  if (!(error instanceof Error)) return String(error)
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}
