import { type JourneyDraft, journeyDefinition, journeyDraft, type TrashItem, type VersionChange } from '@baton/contract'
import { notFound } from '../http/index.ts'
import type { JourneyId, WorkspaceId } from '../kernel/index.ts'
import { changesInWords, historyPage, type StoredVersion, trashBegins, trashOf } from '../workspaces/index.ts'
import type { Actor, JourneyDeskDeps } from './journey-desk.ts'
import { findJourney, loadDefinitions, updateDraft, versionsBelow } from './journey-store.ts'
import { forgetJourneys, listTrash, undeleteJourney } from './journey-trash-store.ts'
import { journeyWords } from './journey-words.ts'
import { lockJourneys } from './turn-store.ts'

/** What journeys were: their versions, and the trash. `mayChange` throws for a draft that the asker may not have. */
export interface JourneyArchive {
  /** What was published when, by whom, and what changed; newest first. */
  versions(
    workspaceId: WorkspaceId,
    journeyId: JourneyId,
    page: { before: number | null; limit: number },
  ): ReturnType<typeof historyPage>
  /** What differs between the draft and the published version; null before the first. */
  draftChanges(workspaceId: WorkspaceId, journeyId: JourneyId): Promise<VersionChange[] | null>
  /** Makes the draft what was published as that version; publishing it gives a new one. */
  restore(by: Actor, journeyId: JourneyId, version: number, mayChange: (draft: JourneyDraft) => void): Promise<void>
  trash(workspaceId: WorkspaceId): Promise<TrashItem[]>
  /** Out of the trash, as it was: a draft, or stopped. */
  takeBack(by: Actor, journeyId: JourneyId, mayChange: (draft: JourneyDraft) => void): Promise<void>
  /** What has left the trash and was never entered is removed. */
  tend(workspaceId: WorkspaceId): Promise<void>
}

export const createJourneyArchive = (
  deps: Pick<JourneyDeskDeps, 'postgres' | 'domainNow' | 'audit'>,
): JourneyArchive => {
  const { postgres } = deps
  return {
    versions: (workspaceId, journeyId, page) =>
      postgres.inWorkspace(workspaceId, async (tx) => {
        if (!(await findJourney(tx, workspaceId, journeyId))) throw notFound('journey')
        const rows = await versionsBelow(tx, workspaceId, journeyId, { ...page, limit: page.limit + 1 })
        return historyPage(tx, rows.map(inFull), page.limit, journeyWords)
      }),

    draftChanges: async (workspaceId, journeyId) => {
      const row = await postgres.inWorkspace(workspaceId, (tx) => findJourney(tx, workspaceId, journeyId))
      if (!row) throw notFound('journey')
      if (row.definition === null) return null
      const parsed = journeyDefinition.safeParse(row.draft)
      const now = parsed.success ? parsed.data : row.draft
      return changesInWords(journeyDefinition.parse(row.definition), now, journeyWords)
    },

    restore: async (by, journeyId, version, mayChange) => {
      const at = await deps.domainNow(by.workspaceId)
      await postgres.inWorkspace(by.workspaceId, async (tx) => {
        const [found] = await loadDefinitions(tx, by.workspaceId, [{ journeyId, version }])
        if (!found) throw notFound('version of this journey')
        const draft = journeyDraft.parse(found.definition)
        mayChange(draft)
        await updateDraft(tx, by.workspaceId, {
          journeyId,
          name: null,
          draft,
          expectedUpdatedAt: null,
          by: by.actor,
          at,
        })
        await deps.audit(tx, { ...by, action: 'journey.restored', object: `journey:${journeyId}`, detail: { version } })
      })
    },

    trash: async (workspaceId) => {
      const after = trashBegins(await deps.domainNow(workspaceId))
      return postgres.inWorkspace(workspaceId, async (tx) => trashOf(tx, await listTrash(tx, workspaceId, after)))
    },

    takeBack: async (by, journeyId, mayChange) => {
      const after = trashBegins(await deps.domainNow(by.workspaceId))
      await postgres.inWorkspace(by.workspaceId, async (tx) => {
        await lockJourneys(tx, by.workspaceId)
        const draft = await undeleteJourney(tx, by.workspaceId, journeyId, after)
        if (!draft) throw notFound('journey in the trash')
        mayChange(draft)
        await deps.audit(tx, { ...by, action: 'journey.taken-back', object: `journey:${journeyId}` })
      })
    },

    tend: async (workspaceId) => {
      const before = trashBegins(await deps.domainNow(workspaceId))
      await postgres.inWorkspace(workspaceId, async (tx) => {
        await lockJourneys(tx, workspaceId)
        await forgetJourneys(tx, workspaceId, before)
      })
    },
  }
}

/** Defaults that came later are filled in, so that they are no change. */
const inFull = (row: StoredVersion): StoredVersion => ({ ...row, content: journeyDefinition.parse(row.content) })
