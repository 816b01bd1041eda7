/** Gives the stages of the data flow their turns: leases with fencing tokens, positions, wake-ups. */
export { type HeldWorkers, holdWorkers } from './hold-workers.ts'
export { busyFrom, type Pace, restAfter } from './pace.ts'
export {
  checkLease,
  commitPosition,
  type LaneStanding,
  LeaseLostError,
  listProgress,
  readFollowing,
  readLaneStandings,
  readLogEdge,
  readPosition,
  readSettled,
} from './position-store.ts'
export { findPoison, type Poison, reasonOf } from './quarantine.ts'
export {
  clearQuarantined,
  dropQuarantinedItems,
  quarantineItems,
  readQuarantined,
  tryOut,
} from './quarantine-store.ts'
export { createRunner, type Runner, type RunnerOptions } from './runner.ts'
export {
  type Lane,
  type LeaseGrant,
  lanes,
  type Stage,
  type StageProgress,
  type Turn,
  type TurnOutcome,
} from './stage.ts'
export { askForTurn, nudgeStage } from './wakeup-store.ts'
export { type Evidence, firstUnread, keepSample, type Reading, watermark } from './watermark.ts'
