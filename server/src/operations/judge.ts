import type {
  DiskState,
  EngineState,
  LedgerState,
  OperationsProblem,
  PartState,
  ProcessState,
  QuarantinedItem,
} from '@baton/contract'
import type { Lane } from '../jobs/index.ts'
import { dayMs, type Instant, type Milliseconds, minuteMs, secondMs } from '../kernel/index.ts'

/** Thresholds by which a part counts as late or failed. */
export const liveLateMs: Milliseconds = 2 * secondMs
export const stageFailedMs: Milliseconds = 10 * secondMs
/** An import may keep the bulk lane busy for long; it is late when nothing moves. */
export const bulkStillMs: Milliseconds = minuteMs
export const longWriteMs: Milliseconds = secondMs
/** One failed turn is repeated and forgotten; so many are a cause. */
const keepsFailingAfter = 3
const diskLowBytes = 2 * 1024 ** 3
const diskFullBytes = 256 * 1024 ** 2

export interface StageReading {
  readonly stage: string
  readonly lane: Lane
  readonly lagMs: Milliseconds
  readonly eventsBehind: number
  readonly updatedAt: Instant | null
  readonly failures: number
  readonly lastFailure: string | null
  readonly lastFailureAt: Instant | null
  readonly quarantinedItems: number
  readonly lastQuarantined: QuarantinedItem | null
}

export interface Readings {
  readonly at: Instant
  readonly engines: readonly EngineState[]
  readonly processes: readonly ProcessState[]
  /** Null: could not be asked, because PostgreSQL does not answer. */
  readonly liveWorkers: number | null
  readonly stages: readonly StageReading[]
  readonly ledger: LedgerState | null
  readonly disk: DiskState | null
  readonly longWrites: readonly { readonly pid: number; readonly forMs: Milliseconds }[]
}

/** Its turns fail now: the last one in the longest pause between two tries. */
const isFailing = ({ lastFailureAt, failures }: StageReading, at: Instant): boolean =>
  failures >= keepsFailingAfter && lastFailureAt !== null && at - lastFailureAt < stageFailedMs

export const stageState = (reading: StageReading, at: Instant): PartState => {
  if (isFailing(reading, at) && at - (reading.updatedAt ?? 0) > liveLateMs) return 'failed'
  if (reading.lagMs === 0) return 'ok'
  if (reading.lane === 'bulk') return at - (reading.updatedAt ?? at - reading.lagMs) > bulkStillMs ? 'failed' : 'ok'
  if (reading.lagMs > stageFailedMs && at - (reading.updatedAt ?? 0) > stageFailedMs) return 'failed'
  return reading.lagMs > liveLateMs ? 'late' : 'ok'
}

/** What is wrong, causes before what follows from them: an engine that is down explains every stage behind it. */
export const judge = (readings: Readings): readonly OperationsProblem[] => {
  const causes = [...engineProblems(readings), ...processProblems(readings), ...diskProblems(readings)]
  return [...causes, ...stageProblems(readings), ...ledgerProblems(readings), ...longWriteProblems(readings)]
}

export const overallState = (problems: readonly OperationsProblem[], processes: readonly ProcessState[]): PartState => {
  if (problems.some(({ state }) => state === 'failed')) return 'failed'
  if (problems.length > 0) return 'late'
  return processes.some(({ state }) => state === 'starting') ? 'starting' : 'ok'
}

/** As the supervisor names those it runs itself, too. */
export const engineTitles = { postgres: 'PostgreSQL', clickhouse: 'ClickHouse' } as const

const engineProblems = ({ engines, processes }: Readings): OperationsProblem[] =>
  engines
    .filter(({ state }) => state === 'failed')
    .map((engine) => {
      const { name, reason, awaySince } = engine
      return {
        part: name,
        name: engineTitles[name],
        state: 'failed',
        sentence: `${engineTitles[name]} does not answer${reason === null ? '' : `: ${reason}`}`,
        remedy: engineRemedy(engine, processes),
        since: awaySince,
      }
    })

/** What Baton does about it comes first, then what is left to do. */
const engineRemedy = ({ name, kind }: EngineState, processes: readonly ProcessState[]): string => {
  if (kind === 'server') {
    const setting = name === 'postgres' ? 'DATABASE_URL' : 'CLICKHOUSE_URL'
    return `Baton keeps asking and goes on by itself when it answers. Check that the server of ${setting} runs and can be reached.`
  }
  const process = processes.find((each) => each.name === engineTitles[name])
  if (process?.state !== 'running') {
    return 'Baton starts it again by itself and goes on where it was. If it stays away, look at logs/engines.log of the data folder and at free disk space.'
  }
  return name === 'clickhouse'
    ? 'Its process runs but hangs: Baton ends it and starts it again within half a minute.'
    : 'Its process runs but hangs: if it stays silent for a minute and a half, Baton ends it and starts it again; nothing acknowledged is lost. If it greets but does not work, look at the load of the disk and at "baton doctor", or end it with "kill -9": Baton starts it again.'
}

const processProblems = ({ processes, liveWorkers }: Readings): OperationsProblem[] => {
  const engines: readonly string[] = Object.values(engineTitles)
  const down = processes
    // Whether an engine answers says its own probe.
    .filter(({ name, state }) => !engines.includes(name) && (state === 'restarting' || state === 'stopped'))
    .map(({ name, since }): OperationsProblem => {
      const isWorker = name.startsWith('worker')
      return {
        part: isWorker ? 'worker' : 'api',
        name,
        state: 'failed',
        sentence: `The ${name} process is down`,
        remedy: `It is started again by itself; why it ended stands in logs/${name}.log of the data folder.`,
        since,
      }
    })
  if (liveWorkers !== 0 || down.some(({ part }) => part === 'worker')) return down
  const starting = processes.some(({ name, state }) => name.startsWith('worker') && state === 'starting')
  if (starting) return down
  return [
    ...down,
    {
      part: 'worker',
      name: 'worker',
      state: 'failed',
      sentence: 'No worker is at work: events are kept, but nothing is done with them',
      remedy: 'Start one with "baton worker"; if one runs, it hangs: end it, and it takes its work up again.',
      since: null,
    },
  ]
}

const stageProblems = ({ stages, at }: Readings): OperationsProblem[] =>
  stages.flatMap((reading): OperationsProblem[] => {
    const state = stageState(reading, at)
    const name = `${reading.stage} (${reading.lane})`
    const quarantined = quarantineProblems(reading, name, at)
    if (state !== 'late' && state !== 'failed') return quarantined
    const because = reading.lastFailure === null ? '' : `; its last turn failed: ${reading.lastFailure}`
    return [
      {
        part: 'stage',
        name,
        state,
        sentence: isFailing(reading, at)
          ? `${reading.stage} keeps failing: ${reading.lastFailure}`
          : `${reading.stage} is ${seconds(reading.lagMs)} behind (${reading.eventsBehind} events)${because}`,
        remedy:
          state === 'late'
            ? 'It catches up by itself; if the lag grows, give the machine more work power or run another worker.'
            : 'It does not move. Look for the cause above, or in logs/worker.log of the data folder.',
        since: at - reading.lagMs,
      },
      ...quarantined,
    ]
  })

/** Said for a day; the page lists them as long as they are kept. */
const quarantineProblems = (
  { stage, quarantinedItems, lastQuarantined }: StageReading,
  name: string,
  at: Instant,
): OperationsProblem[] => {
  if (lastQuarantined === null || at - lastQuarantined.at > dayMs) return []
  const { kind, item, reason } = lastQuarantined
  const things = quarantinedItems === 1 ? '1 thing' : `${quarantinedItems} things`
  return [
    {
      part: 'stage',
      name,
      state: 'late',
      sentence: `${stage} could not deal with ${things} and went on without, last with ${kind} ${item}: ${reason}`,
      remedy: 'Nothing else waits for it. Report the reason: it must not happen.',
      since: lastQuarantined.at,
    },
  ]
}

const ledgerProblems = ({ ledger }: Readings): OperationsProblem[] =>
  ledger === null || ledger.difference === 0
    ? []
    : [
        {
          part: 'ledger',
          name: 'send ledger',
          state: 'failed',
          sentence: `The send ledger does not balance: ${ledger.planned} planned, ${ledger.accounted + ledger.onTheirWay} accounted for`,
          remedy: 'Pause sending with the kill switch and report this: it must not happen.',
          since: null,
        },
      ]

const diskProblems = ({ disk }: Readings): OperationsProblem[] => {
  if (disk === null || disk.freeBytes >= diskLowBytes) return []
  return [
    {
      part: 'disk',
      name: disk.folder,
      state: disk.freeBytes < diskFullBytes ? 'failed' : 'late',
      sentence: `${Math.round(disk.freeBytes / 1024 ** 2)} MB are free on the disk of ${disk.folder}`,
      remedy: 'Make room on that disk, or move the data folder to a larger one and start with --data.',
      since: null,
    },
  ]
}

const longWriteProblems = ({ longWrites }: Readings): OperationsProblem[] =>
  longWrites.map(({ pid, forMs }) => ({
    part: 'postgres',
    name: `transaction of process ${pid}`,
    state: 'late',
    sentence: `A transaction has been writing for ${seconds(forMs)}: what needs the same rows waits behind it, and if it writes to the log, every stage`,
    remedy: `End it with "select pg_terminate_backend(${pid})" if it is not Baton's own.`,
    since: null,
  }))

const seconds = (ms: Milliseconds): string => `${(ms / secondMs).toFixed(ms < 10 * secondMs ? 1 : 0)} s`
