import {
  brandAs,
  type Instant,
  type JourneyId,
  type PersonId,
  type Position,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { advance, goalsNotedUntil } from './advance.ts'
import { lockJourney } from './journey-store.ts'
import { loadActiveRuns, saveRuns } from './run-store.ts'
import { lockJourneys } from './turn-store.ts'
import type { VersionCache } from './version-cache.ts'

const runsAtOnce = 1_000

/**
 * Ends every active run of a stopped journey, a thousand a transaction. Hand-overs hold already: they look at the
 * journey's status. Should this be cut short, the stage's turns end the rest.
 */
export const stopRuns = async (
  deps: {
    postgres: Postgres
    versions: VersionCache
    domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
  },
  workspaceId: WorkspaceId,
  journeyId: JourneyId,
): Promise<void> => {
  const at = await deps.domainNow(workspaceId)
  for (let ended = runsAtOnce; ended === runsAtOnce; )
    ended = await deps.postgres.inWorkspace(workspaceId, async (tx) => {
      await lockJourneys(tx, workspaceId)
      const journey = await lockJourney(tx, workspaceId, journeyId)
      if (journey?.status !== 'stopped') return 0
      const runs = await loadActiveRuns(tx, workspaceId, journeyId, runsAtOnce)
      await deps.versions.load(tx, workspaceId, runs)
      const changed = runs.map((run) => {
        const version = deps.versions.get(run)
        const ended = advance(version, run, { kind: 'end', at, reason: 'journey-stopped' })
        return {
          ...ended,
          // Only messages are planned for a person, and an end plans none.
          personId: brandAs<PersonId>(run.subjectId),
          isNew: false,
          goalsNotedUntil: goalsNotedUntil(version, ended.run),
        }
      })
      await saveRuns(tx, workspaceId, changed, { at: brandAs<Position>(0), before: new Map() })
      return runs.length
    })
}
