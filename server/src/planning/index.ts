/** Planning: who answers for each phase, what was spent, what currencies were worth. */
export { phaseTitles } from './phase-titles.ts'
export { type Caller, createPlanning, type Planning, type PlanningDeps } from './planning.ts'
export { planningRoutes } from './routes.ts'
