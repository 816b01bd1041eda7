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
  /** What was asked for last is dropped last. */
  const touch = (key: string) => {
    const found = compiled.get(key)
    if (!found) return
    compiled.delete(key)
    compiled.set(key, found)
  }
  return {
    load: async (tx, workspaceId, wanted) => {
      for (const ref of wanted) touch(keyOf(ref))
      const missing = wanted.filter((ref) => !compiled.has(keyOf(ref)))
      if (missing.length === 0) return
      for (const { journeyId, version, definition } of await loadDefinitions(tx, workspaceId, missing))
        compiled.set(
          keyOf({ journeyId, version }),
          compileJourney({ journeyId, version, definition: journeyDefinition.parse(definition) }, passes),
        )
      for (const key of compiled.keys()) {
        if (compiled.size <= versionsKept) break
        compiled.delete(key)
      }
    },
    get: (ref) => must(compiled.get(keyOf(ref)), `version ${ref.version} of journey ${ref.journeyId} was loaded`),
  }
}
