import type { Instant, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Postgres } from '../stores/index.ts'
import { type ListedRun, listRuns } from './run-page-store.ts'

const runsAtOnce = 200
const everyRun = { journeyId: null, step: null, measure: null, state: null, version: null } as const

/** All runs of a person, newest first, as they are given to her. */
export async function* readRuns(
  postgres: Postgres,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
): AsyncGenerator<Omit<ListedRun, 'subjectId'>> {
  for (let after: readonly [Instant, string] | null = null; ; ) {
    const query = { ...everyRun, subjects, after, limit: runsAtOnce }
    const rows: readonly ListedRun[] = await postgres.inWorkspace(workspaceId, (tx) => listRuns(tx, workspaceId, query))
    const page = rows.slice(0, runsAtOnce)
    for (const { subjectId: _, ...run } of page) yield run
    const last = page.at(-1)
    if (last === undefined || rows.length <= runsAtOnce) return
    after = [last.enteredAt, last.runId]
  }
}
