/** Starts everything in order, keeps it running, stops it in order: one server per data folder. */
export { type ChildMessage, readSupervisorMessage, type SupervisorMessage } from './child-messages.ts'
export { ownerOf, type Running, readRunning } from './data-folder.ts'
export type { Engines, OwnEngine } from './engines.ts'
export { type Finding, inspectPlace } from './place.ts'
export { portRemedy, probePort } from './port.ts'
export { isAlive } from './process-identity.ts'
export { type StartReport, startReport } from './start-report.ts'
export { type SuperviseDeps, type Supervised, supervise } from './supervise.ts'
