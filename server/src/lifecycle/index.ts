/** The three tracks: where everybody stands, since when and why, who moved, and what the next state needs. */
export { defaultLifeCycle } from './default-tracks.ts'
export { followMasks } from './follow-masks.ts'
export { stateDetailsLens, statesForPolicy, statesLens, timelineOfMoves } from './lenses.ts'
export { createLifeCycle, type LifeCycle, type LifeCycleDeps } from './life-cycle.ts'
export { lifeCycleRoutes } from './routes.ts'
export type { Standing } from './settle-states.ts'
export { stateRuleKey } from './state-rules.ts'
