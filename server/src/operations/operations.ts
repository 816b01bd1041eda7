import { statfs } from 'node:fs/promises'
import type {
  DiskState,
  LedgerState,
  Operations as Page,
  ProcessState,
  SetAsideState,
  StageState,
} from '@baton/contract'
import { quarantineReasons } from '../collect/index.ts'
import { lanes, readQuarantined, type Stage } from '../jobs/index.ts'
import type { Clock, Instant, WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { judge, longWriteMs, overallState, type StageReading, stageState } from './judge.ts'
import { balanceOf } from './ledger-balance.ts'
import type { Scrape } from './metric.ts'
import {
  readDedupSize,
  readLongWrites,
  readSetAside,
  readStages,
  readStageTotals,
  readWaiting,
  readWorkers,
} from './operations-store.ts'
import { createEngineAsker, type EngineProbe, type LedgerProbe, type ProcessReport, within } from './probes.ts'
import { createWorkspaceTotals } from './workspace-totals.ts'

export interface OperationsDeps {
  /** Null: nobody knows its address. */
  readonly postgres: Postgres | null
  readonly clock: Clock
  readonly engines: readonly EngineProbe[]
  /** The stages that ought to have a position wherever there are events. */
  readonly stages: readonly Pick<Stage, 'name' | 'lanes' | 'after'>[]
  readonly processes: () => ProcessReport
  /** Whose ledgers the metrics add up. */
  readonly workspaces: () => Promise<readonly WorkspaceId[]>
  readonly ledger: LedgerProbe | null
  readonly dataFolder: string
}

/** What runs, how fresh it is, what is wrong: for the page, `doctor`, probes and metrics. */
export interface Operations {
  /** Everything about one workspace; says what it can when an engine is down. */
  look(workspaceId: WorkspaceId): Promise<Page>
  /** Only what belongs to no workspace: engines, processes, workers, disk. */
  lookAtMachine(): Promise<Pick<Page, 'at' | 'state' | 'problems' | 'engines' | 'processes' | 'workers' | 'disk'>>
  /** Of the whole operation, for the metrics. */
  scrape(): Promise<Scrape>
  /** Asks the engines every few seconds although nobody looks, so that it is known since when one is away. Answers how to stop. */
  watch(): () => void
}

/** No question to PostgreSQL holds the page up for longer. */
const answersWithinMs = 3_000
const watchEveryMs = 5_000
/** Events set aside are counted so far: a page that asks every three seconds must not read a million of them. */
const setAsideCountedUpTo = 1_000

export const createOperations = (deps: OperationsDeps): Operations => {
  const { postgres, clock, processes } = deps
  const workspaceTotals = createWorkspaceTotals({
    ...deps,
    quarantined: async (workspaceId) =>
      postgres === null ? [] : postgres.inWorkspace(workspaceId, (tx) => readQuarantined(tx, workspaceId)),
  })

  const askEngines = createEngineAsker(deps.engines, clock)
  const fromPostgres = async <T>(ask: (postgres: Postgres) => Promise<T>): Promise<T | null> => {
    if (postgres === null) return null
    try {
      return await within(answersWithinMs, ask(postgres))
    } catch {
      // The engine's own probe says that it does not answer, and why.
      return null
    }
  }
  const inGlobal = <T>(read: (tx: Tx) => Promise<T>) => fromPostgres((store) => store.inGlobal(read))

  const readMachine = async (at: Instant) => {
    const [engineStates, shared] = await Promise.all([
      askEngines(),
      inGlobal(async (tx) => ({
        workers: await readWorkers(tx, at),
        longWrites: await readLongWrites(tx, at, longWriteMs),
        dedup: await readDedupSize(tx, at),
      })),
    ])
    return { engineStates, shared, disk: await readDisk(deps.dataFolder, shared?.dedup ?? { bytes: 0, days: 0 }) }
  }

  return {
    look: async (workspaceId) => {
      const at = clock.now()
      const [{ engineStates, shared, disk }, own, setAside, ledger] = await Promise.all([
        readMachine(at),
        inGlobal(async (tx) => ({
          stages: await readStages(tx, workspaceId),
          waiting: await readWaiting(tx, workspaceId),
        })),
        fromPostgres((store) =>
          store.inWorkspace(workspaceId, async (tx) => ({
            events: await readSetAside(tx, workspaceId, setAsideCountedUpTo),
            quarantined: await readQuarantined(tx, workspaceId),
          })),
        ),
        readLedger(deps.ledger, workspaceId),
      ])
      const report = processes()
      const quarantined = setAside?.quarantined ?? []
      const stages = own === null ? [] : stagesOf({ ...own, quarantined }, deps.stages, report, at)
      const problems = judge({
        at,
        engines: engineStates,
        processes: report.processes,
        liveWorkers: shared?.workers.length ?? null,
        stages,
        ledger,
        disk,
        longWrites: shared?.longWrites ?? [],
      })
      return {
        at,
        state: overallState(problems, report.processes),
        problems: [...problems],
        engines: engineStates,
        processes: [...report.processes],
        workers: [...(shared?.workers ?? [])],
        stages,
        setAside: setAside === null ? null : setAsideOf(setAside.events),
        ledger,
        disk,
        longWrites: [...(shared?.longWrites ?? [])],
      }
    },

    lookAtMachine: async () => {
      const at = clock.now()
      const { engineStates, shared, disk } = await readMachine(at)
      const running: ProcessState[] = [...processes().processes]
      const problems = judge({
        at,
        engines: engineStates,
        processes: running,
        liveWorkers: shared?.workers.length ?? null,
        stages: [],
        ledger: null,
        disk,
        longWrites: shared?.longWrites ?? [],
      })
      return {
        at,
        state: overallState(problems, running),
        problems: [...problems],
        engines: engineStates,
        processes: running,
        workers: [...(shared?.workers ?? [])],
        disk,
      }
    },

    scrape: async () => {
      const at = clock.now()
      const [engines, totals, positions] = await Promise.all([
        askEngines(),
        workspaceTotals(),
        inGlobal(readStageTotals),
      ])
      return {
        at,
        engines,
        ...processes(),
        stages: deps.stages.map(({ name }) => name),
        positions,
        ledger: totals?.ledger ?? null,
        quarantined: totals?.quarantined ?? null,
        ask: (read) => inGlobal((tx) => read(tx, at)),
      }
    },

    watch: () => {
      void askEngines()
      const timer = setInterval(() => void askEngines(), watchEveryMs)
      return () => clearInterval(timer)
    },
  }
}

const explanations: Readonly<Record<string, string>> = quarantineReasons

const setAsideOf = (reasons: Awaited<ReturnType<typeof readSetAside>>): SetAsideState => ({
  events: reasons.reduce((sum, { events }) => sum + events, 0),
  countedUpTo: setAsideCountedUpTo,
  reasons: reasons.map((each) => ({ ...each, explanation: explanations[each.reason] ?? each.reason })),
})

const lagOf = (oldestBehindAt: Instant | null, at: Instant): number =>
  oldestBehindAt === null ? 0 : Math.max(1, at - oldestBehindAt)

interface OwnRows {
  readonly stages: Awaited<ReturnType<typeof readStages>>
  readonly waiting: Awaited<ReturnType<typeof readWaiting>>
  readonly quarantined: Awaited<ReturnType<typeof readQuarantined>>
}

/** Each stage's row, and one for each that never finished a turn although the log holds something for it. */
const stagesOf = (
  { stages, waiting, quarantined }: OwnRows,
  expected: readonly Pick<Stage, 'name' | 'lanes' | 'after'>[],
  report: ProcessReport,
  at: Instant,
): StageState[] => {
  const never = expected
    .filter(({ name, after }) => after.includes('log') || report.failures.has(name))
    .flatMap(({ name, lanes: own }) =>
      lanes.filter((lane) => own.includes(lane)).map((lane) => ({ stage: name, lane })),
    )
    .filter(({ stage, lane }) => !stages.some((row) => row.stage === stage && row.lane === lane))
    .flatMap(({ stage, lane }) => {
      const held = waiting.find((each) => each.lane === lane)
      if (held === undefined) return []
      return [
        {
          stage,
          lane,
          position: 0,
          handled: 0,
          updatedAt: null,
          eventsBehind: held.events,
          oldestBehindAt: held.oldest,
        },
      ]
    })
  return [...stages, ...never].map(({ oldestBehindAt, ...row }) => {
    const failure = report.failures.get(row.stage)
    const setAside = quarantined.find((each) => each.stage === row.stage && each.lane === row.lane)
    const reading: StageReading = {
      ...row,
      lagMs: lagOf(oldestBehindAt, at),
      failures: failure?.count ?? 0,
      lastFailure: failure?.last ?? null,
      lastFailureAt: failure?.at ?? null,
      quarantinedItems: setAside?.items ?? 0,
      lastQuarantined: setAside?.newest ?? null,
    }
    return { ...row, ...reading, state: stageState(reading, at) }
  })
}

const readLedger = async (ledger: LedgerProbe | null, workspaceId: WorkspaceId): Promise<LedgerState | null> => {
  if (ledger === null) return null
  try {
    return balanceOf(await within(answersWithinMs, ledger(workspaceId)))
  } catch {
    // PostgreSQL does not answer, which its own probe says.
    return null
  }
}

const readDisk = async (folder: string, dedup: { bytes: number; days: number }): Promise<DiskState | null> => {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    const freeBytes = bavail * bsize
    const bytesPerDay = dedup.days === 0 ? 0 : dedup.bytes / dedup.days
    return {
      folder,
      freeBytes,
      totalBytes: blocks * bsize,
      dedupBytes: dedup.bytes,
      dedupHorizonDays: bytesPerDay === 0 ? null : Math.floor((dedup.bytes + freeBytes / 2) / bytesPerDay),
    }
  } catch {
    // The data folder is on the machine of the engines, which may be another one.
    return null
  }
}
