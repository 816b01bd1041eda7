import type { Instant, Milliseconds, Position, WorkspaceId } from '../kernel/index.ts'

/** Live and bulk are lanes with their own positions; the outcome does not depend on order across lanes. */
export type Lane = 'live' | 'bulk'
export const lanes = ['live', 'bulk'] as const satisfies readonly Lane[]

/** The right to work at a shard of the workspaces, with its fencing token. */
export interface LeaseGrant {
  readonly name: string
  readonly token: number
}

/** What a stage is told when its turn comes in one workspace. */
export interface Turn {
  readonly workspaceId: WorkspaceId
  readonly lane: Lane
  /** Domain time of the workspace. */
  readonly now: Instant
  /** Checked by `commitPosition`, so that a worker that was stopped past its lease can't commit. */
  readonly lease: LeaseGrant
  /** Aborted when the lease is lost or the worker stops. */
  readonly signal: AbortSignal
}

export interface TurnOutcome {
  /** How many things (events, people, runs, messages) this turn dealt with. */
  readonly handled: number
  /** More is waiting now: call again at once. */
  readonly more: boolean
  /** Something is waiting that may be read soon (its neighbours have not finished committing): call again then. */
  readonly retryInMs?: Milliseconds
  /** Nothing is gained by another turn sooner than this: what arrives meanwhile is taken together. Not heeded by `settle`. */
  readonly restMs?: Milliseconds
  /** The earliest domain instant at which there is something to do although nothing new arrives; null when none. */
  readonly dueAt?: Instant | null
}

/**
 * One stage of the data flow. A turn loads a batch, decides, and commits result and position together; it is called
 * again while `more`, when a stage before it has advanced, and when its `dueAt` comes. Turns of one
 * (stage, workspace, lane) never overlap: a lease with a fencing token sees to that.
 */
export interface Stage {
  readonly name: string
  readonly lanes: readonly Lane[]
  /** The stages whose progress wakes this one. `log` is the collector's commit. */
  readonly after: readonly string[]
  turn(turn: Turn): Promise<TurnOutcome>
}

/** How far a stage has come in one workspace and lane. */
export interface StageProgress {
  readonly stage: string
  readonly workspaceId: WorkspaceId
  readonly lane: Lane
  readonly position: Position
  readonly handled: number
  readonly updatedAt: Instant
}
