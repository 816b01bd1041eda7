import { journey } from '@baton/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { api } from '../api/api.ts'
import { type EditableDraft, writeDraft } from './editable-draft.ts'

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'failed'

/** Editing settles this long before the draft is sent. */
const settleMs = 700

/** Keeps the server's draft at what stands in the editor. `revision` counts the saves: what depends on the draft asks again. */
export const useAutosave = (journeyId: string, draft: EditableDraft) => {
  const queries = useQueryClient()
  const [state, setState] = useState<SaveState>('saved')
  const [error, setError] = useState<unknown>(null)
  const [revision, setRevision] = useState(0)
  const kept = useRef(draft)
  /** One save at a time, in order. */
  const running = useRef<Promise<unknown>>(Promise.resolve())
  const newest = useRef(draft)
  newest.current = draft

  const save = useCallback(async (): Promise<void> => {
    const sending = newest.current
    if (sending === kept.current) return
    setState('saving')
    try {
      await api.put(`/v1/journeys/${journeyId}`, { draft: writeDraft(sending) }, journey)
      kept.current = sending
      setError(null)
      setRevision((count) => count + 1)
      setState(newest.current === sending ? 'saved' : 'unsaved')
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === `/v1/journeys/${journeyId}` })
    } catch (failure) {
      setError(failure)
      setState('failed')
    }
  }, [journeyId, queries])

  const flush = useCallback((): Promise<unknown> => {
    running.current = running.current.then(save)
    return running.current
  }, [save])

  useEffect(() => {
    if (draft === kept.current) return
    setState('unsaved')
    const timer = setTimeout(() => void flush(), settleMs)
    return () => clearTimeout(timer)
  }, [draft, flush])

  const leave = useEffectEvent(() => void flush())
  useEffect(() => () => leave(), [])

  return { state, error, revision, flush }
}
