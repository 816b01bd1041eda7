import { journeyDefinition } from '@baton/contract'
import { type JourneyId, must, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { type CompiledJourney, compileJourney, type PassesFilters } from './compiled-journey.ts'
import { loadDefinitions } from './journey-store.ts'

export interface VersionRef {
  readonly journeyId: JourneyId
  readonly version: number
}

/** Published versions, compiled once: they never change. */
export interface VersionCache {
  load(tx: Tx, workspaceId: WorkspaceId, wanted: readonly VersionRef[]): Promise<void>
  /** A version that was loaded before. */
  get(ref: VersionRef): CompiledJourney
}

const versionsKept = 2_000

export const createVersionCache = (passes: PassesFilters): VersionCache => {
  const compiled = new Map<string, CompiledJourney>()
  const keyOf = ({ journeyId, version }: VersionRef) => `${journeyId} ${version}`
  return {
    load: async (tx, workspaceId, wanted) => {
      const missing = wanted.filter((ref) => !compiled.has(keyOf(ref)))
      if (missing.length === 0) return
      if (compiled.size + missing.length > versionsKept) compiled.clear()
      // After a clear, those that were there are missing as well.
      const toLoad = wanted.filter((ref) => !compiled.has(keyOf(ref)))
      for (const { journeyId, version, definition } of await loadDefinitions(tx, workspaceId, toLoad))
        compiled.set(
          keyOf({ journeyId, version }),
          compileJourney({ journeyId, version, definition: journeyDefinition.parse(definition) }, passes),
        )
    },
    get: (ref) => must(compiled.get(keyOf(ref)), `version ${ref.version} of journey ${ref.journeyId} was loaded`),
  }
}
