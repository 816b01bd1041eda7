import { liveEvents } from '@baton/contract'
import { useEffect, useReducer, useState } from 'react'
import { api, type Query } from '../api/api.ts'
import { useApi } from '../api/use-api.ts'
import { emptyBuffer, type LiveBuffer, letIn, takeOlder, takePage } from './live-buffer.ts'

const everyMs = 2_000
const pageSize = 100

type Change = (buffer: LiveBuffer) => LiveBuffer

/** The newest events, asked for every two seconds; a pause holds them back and counts on. */
export const useLiveEvents = (query: Query, paused: boolean) => {
  const newest = useApi('/v1/events', liveEvents, { query: { ...query, limit: pageSize }, refetchMs: everyMs })
  const [buffer, change] = useReducer((held: LiveBuffer, next: Change) => next(held), emptyBuffer)
  const [older, setOlder] = useState<'idle' | 'loading'>('idle')
  const { data } = newest

  useEffect(() => {
    if (data !== undefined) change((held) => takePage(held, data, paused))
  }, [data, paused])

  useEffect(() => {
    if (!paused) change(letIn)
  }, [paused])

  const loadOlder = async () => {
    setOlder('loading')
    try {
      const page = await api.get('/v1/events', liveEvents, {
        query: { ...query, limit: pageSize, cursor: buffer.next },
      })
      change((held) => takeOlder(held, page))
    } finally {
      setOlder('idle')
    }
  }

  return {
    ...buffer,
    isLoading: data === undefined,
    error: newest.error,
    refetch: newest.refetch,
    loadOlder: buffer.next === null ? undefined : () => void loadOlder(),
    isLoadingOlder: older === 'loading',
  }
}
