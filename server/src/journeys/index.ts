import type { Routes } from '../http/index.ts'
import type { Stage } from '../jobs/index.ts'
import type { Instant, RunId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Liveness } from '../policy/index.ts'
import { filterMatches } from '../segments/index.ts'
import type { Tx } from '../stores/index.ts'
import { clearErasedRuns } from './clear-erased.ts'
import type { PassesFilters } from './compiled-journey.ts'
import { createJourneyArchive } from './journey-archive.ts'
import { createJourneyDesk, type JourneyDesk, type JourneyDeskDeps } from './journey-desk.ts'
import { journeyNames, journeysWithTemplate } from './journey-trash-store.ts'
import { createJourneysStage } from './journeys-stage.ts'
import type { JourneyPorts } from './ports.ts'
import { journeysRoutes } from './routes.ts'
import { readRuns } from './run-data.ts'
import { checkLiveness } from './run-liveness.ts'
import { createSimulation } from './simulation.ts'
import { createVersionCache } from './version-cache.ts'

export interface JourneysDeps extends Pick<JourneyDeskDeps, 'postgres' | 'domainNow' | 'audit'> {
  readonly ports: JourneyPorts
}

/** Takes each person through what was thought out for her, step by step, and plans the messages. */
export interface Journeys {
  /** Daily: what has left the trash, and what a stop left behind. */
  tend(workspaceId: WorkspaceId): Promise<void>
  /** Names of journeys, deleted ones too. */
  namesOf(workspaceId: WorkspaceId, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Journeys that send this template, or would by their draft. */
  withTemplate(workspaceId: WorkspaceId, templateId: string): Promise<readonly { id: string; name: string }[]>
  /** All runs of a person, newest first. */
  runsOf(workspaceId: WorkspaceId, subjects: readonly SubjectId[]): AsyncIterable<object>
  /** Ends and takes out the runs of erased people, in the caller's transaction; first of all locks. */
  clearErased(
    tx: Tx,
    workspaceId: WorkspaceId,
    erased: { readonly ids: readonly string[]; readonly at: Instant },
  ): Promise<void>
  readonly stage: Stage
  readonly desk: JourneyDesk
  readonly routes: Routes
  /** For messages: may what these runs planned still be handed over? Locks them until the transaction ends. */
  checkLiveness(tx: Tx, workspaceId: WorkspaceId, runIds: readonly RunId[]): Promise<ReadonlyMap<RunId, Liveness>>
}

export const createJourneys = (deps: JourneysDeps): Journeys => {
  const { postgres, ports } = deps
  const passes: PassesFilters = (event, filters) => filters.every((filter) => filterMatches(filter, event.properties))
  const versions = createVersionCache(passes)
  const archive = createJourneyArchive(deps)
  const simulation = createSimulation({ ...deps, passes })
  const desk = createJourneyDesk({ ...deps, versions })
  return {
    stage: createJourneysStage({ ...ports, postgres, versions }),
    desk,
    routes: journeysRoutes({ postgres, desk, versions, people: ports.people, simulation, archive }),
    tend: async (workspaceId) => {
      await archive.tend(workspaceId)
      await desk.tend(workspaceId)
    },
    namesOf: (workspaceId, ids) => postgres.inWorkspace(workspaceId, (tx) => journeyNames(tx, workspaceId, ids)),
    withTemplate: (workspaceId, templateId) =>
      postgres.inWorkspace(workspaceId, (tx) => journeysWithTemplate(tx, workspaceId, templateId)),
    checkLiveness,
    runsOf: (workspaceId, subjects) => readRuns(postgres, workspaceId, subjects),
    clearErased: (tx, workspaceId, erased) => clearErasedRuns(tx, versions, workspaceId, erased),
  }
}

export { advance, begin, type RunInput } from './advance.ts'
export { applyTurn, type ChangedRun, type TurnFacts } from './apply-turn.ts'
export {
  type CompiledJourney,
  compileJourney,
  type PassesFilters,
  replyEvent,
  replyRunProperty,
} from './compiled-journey.ts'
export type { JourneyDesk } from './journey-desk.ts'
export { journeyPorts } from './journey-ports.ts'
export type { JourneyPorts } from './ports.ts'
export type { Run } from './run.ts'
