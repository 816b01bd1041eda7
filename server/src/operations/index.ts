/** What runs, where, how fresh and what is wrong: probes, metrics, and one page that names the failing part. */
export { engineTitles } from './judge.ts'
export { createOperations, type Operations, type OperationsDeps } from './operations.ts'
export { type EngineKinds, type EngineProbe, engineProbes, type ProcessReport } from './probes.ts'
export { operationsRoutes } from './routes.ts'
