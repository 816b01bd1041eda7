import { z } from 'zod'
import { instant } from './common.ts'

/** How a part of Baton is: `late` still works but is behind, `failed` does not work. */
export const partState = z.enum(['ok', 'starting', 'late', 'failed'])
export type PartState = z.infer<typeof partState>

/** The parts that can fail, in the words of the page. */
export const partName = z.enum(['postgres', 'clickhouse', 'api', 'worker', 'stage', 'ledger', 'disk', 'channel'])
export type PartName = z.infer<typeof partName>

/** Something wrong, worst first: what, since when, and what to do about it. */
export const operationsProblem = z.object({
  part: partName,
  /** Which one, e.g. the stage's name. */
  name: z.string(),
  state: z.enum(['late', 'failed']),
  sentence: z.string(),
  remedy: z.string(),
  since: instant.nullable(),
})
export type OperationsProblem = z.infer<typeof operationsProblem>

export const engineState = z.object({
  name: z.enum(['postgres', 'clickhouse']),
  state: partState,
  version: z.string().nullable(),
  /** `embedded`: Baton's own child process; `server`: named by its address setting. */
  kind: z.enum(['embedded', 'server']),
  answeredInMs: z.number().nullable(),
  reason: z.string().nullable(),
  /** Since when it has been found away; null while it answers, and where nobody had asked it before. */
  awaySince: instant.nullable(),
})
export type EngineState = z.infer<typeof engineState>

export const processState = z.object({
  name: z.string(),
  state: z.enum(['starting', 'running', 'restarting', 'stopped']),
  pid: z.int().nullable(),
  restarts: z.int(),
  since: instant,
})
export type ProcessState = z.infer<typeof processState>

/** One thing a stage went on without: a log batch by its position, an event by its message id, the rest by their ids. */
export const quarantinedItem = z.object({
  kind: z.enum(['batch', 'event', 'person', 'order', 'run', 'message', 'entry']),
  item: z.string(),
  reason: z.string(),
  at: instant,
})
export type QuarantinedItem = z.infer<typeof quarantinedItem>

/** How far a stage has come in one lane of this workspace. */
export const stageState = z.object({
  stage: z.string(),
  lane: z.enum(['live', 'bulk']),
  position: z.number(),
  handled: z.number(),
  /** Acknowledged events that this stage has not dealt with. */
  eventsBehind: z.number(),
  /** Age of the oldest of them; 0 when there is none. */
  lagMs: z.number(),
  updatedAt: instant.nullable(),
  state: partState,
  failures: z.int(),
  lastFailure: z.string().nullable(),
  lastFailureAt: instant.nullable(),
  /** Things (events, people, runs, messages, batches) this stage could not deal with and went on without, of the last 90 days. */
  quarantinedItems: z.int(),
  /** The newest of them. */
  lastQuarantined: quarantinedItem.nullable(),
})
export type StageState = z.infer<typeof stageState>

/** Planned = handed over + refused + uncertain + dropped + expired + cancelled + on their way; `difference` must be 0. */
export const ledgerState = z.object({
  planned: z.int(),
  accounted: z.int(),
  onTheirWay: z.int(),
  difference: z.int(),
})
export type LedgerState = z.infer<typeof ledgerState>

export const diskState = z.object({
  folder: z.string(),
  freeBytes: z.number(),
  totalBytes: z.number(),
  /** Bytes that one remembered message id takes; with the rate of the last day it gives the horizon. */
  dedupBytes: z.number(),
  /** For how many days this disk can remember message ids at the present rate; null when nothing arrives. */
  dedupHorizonDays: z.number().nullable(),
})
export type DiskState = z.infer<typeof diskState>

/** Events that could not be taken and are kept for 90 days, with the reason. Counted among the newest `countedUpTo`. */
export const setAsideState = z.object({
  events: z.int(),
  countedUpTo: z.int(),
  /** Most first; `explanation` says what is wrong with such an event. */
  reasons: z.array(z.object({ reason: z.string(), explanation: z.string(), events: z.int(), newestAt: instant })),
})
export type SetAsideState = z.infer<typeof setAsideState>

/** What anybody may know without a sign-in: whether the parts work, and which one does not. */
export const readiness = z.object({ state: partState, problems: z.array(operationsProblem) })
export type Readiness = z.infer<typeof readiness>

/** One page: what runs, how fresh it is, what is wrong. */
export const operations = z.object({
  at: instant,
  state: partState,
  problems: z.array(operationsProblem),
  engines: z.array(engineState),
  processes: z.array(processState),
  /** Workers that hold a lease now, by name. */
  workers: z.array(z.object({ holder: z.string(), leases: z.int(), expiresAt: instant })),
  stages: z.array(stageState),
  /** Null: PostgreSQL could not be asked. */
  setAside: setAsideState.nullable(),
  ledger: ledgerState.nullable(),
  disk: diskState.nullable(),
  longWrites: z.array(z.object({ pid: z.int(), forMs: z.number(), query: z.string() })),
})
export type Operations = z.infer<typeof operations>
