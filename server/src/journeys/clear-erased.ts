import { brandAs, type Instant, type PersonId, type Position, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { advance } from './advance.ts'
import { deleteRuns, loadActiveRunsOf, saveRuns } from './run-store.ts'
import { lockJourneys } from './turn-store.ts'
import type { VersionCache } from './version-cache.ts'

/** Ends the runs of people who were erased, so that the counts stay right, and takes all their runs out. */
export const clearErasedRuns = async (
  tx: Tx,
  versions: VersionCache,
  workspaceId: WorkspaceId,
  erased: { readonly ids: readonly string[]; readonly at: Instant },
): Promise<void> => {
  await lockJourneys(tx, workspaceId)
  const runs = await loadActiveRunsOf(tx, workspaceId, erased.ids)
  await versions.load(tx, workspaceId, runs)
  const changed = runs.map((run) => ({
    ...advance(versions.get(run), run, { kind: 'end', at: erased.at, reason: 'erased' }),
    personId: brandAs<PersonId>(run.subjectId),
    isNew: false,
    goalsNotedUntil: null,
  }))
  await saveRuns(tx, workspaceId, changed, { at: brandAs<Position>(0), before: new Map() })
  await deleteRuns(tx, workspaceId, erased.ids)
}
