import { type Journey, journey as journeySchema } from '@baton/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react'
import { api } from '../api/api.ts'
import { apiKey } from '../api/use-api.ts'
import { useChosenWorkspaceId } from '../api/workspace-choice.ts'
import { createDraftKeeper } from './draft-keeper.ts'
import type { EditableDraft } from './editable-draft.ts'
import type { useHistory } from './use-history.ts'

/** Editing settles this long before the draft is sent. */
const settleMs = 700

/**
 * Saves the editor's draft as it is edited, and shows what somebody else saved where nothing here is unsaved. Whatever
 * the state is but `saved`, leaving loses something.
 */
export const useAutosave = (journey: Journey, history: ReturnType<typeof useHistory<EditableDraft>>) => {
  const queries = useQueryClient()
  const workspaceId = useChosenWorkspaceId()
  const draft = history.now
  const [keeper] = useState(() => {
    const path = `/v1/journeys/${journey.journeyId}`
    return createDraftKeeper({
      read: journey,
      draft,
      api: {
        put: (change) => api.put(path, change, journeySchema),
        get: () => api.get(path, journeySchema),
      },
      // Whoever comes back begins with what was saved, not with what was read before it.
      onKept: (kept) =>
        queries.setQueryData<Journey>(apiKey(workspaceId, path), (former) =>
          former !== undefined && former.updatedAt > kept.updatedAt ? former : kept,
        ),
    })
  })
  const kept = useSyncExternalStore(keeper.subscribe, keeper.now)

  const show = useEffectEvent(history.begin)
  useEffect(() => {
    keeper.edited(draft)
    const taken = keeper.meet(journey)
    if (taken !== null) show(taken)
    if (keeper.now().state === 'saved') return
    const timer = setTimeout(() => void keeper.save(), settleMs)
    return () => clearTimeout(timer)
  }, [draft, journey, keeper])

  useEffect(() => () => void keeper.save(), [keeper])

  return {
    ...kept,
    save: () => void keeper.save(),
    flush: keeper.flush,
    rename: keeper.rename,
    load: async () => history.change(await keeper.load()),
  }
}
