import { useEffect, useEffectEvent, useState } from 'react'
import type { z } from 'zod'
import { type Query, withQuery } from './api.ts'
import { useChosenWorkspaceId } from './workspace-choice.ts'

export type StreamState = 'connecting' | 'open' | 'broken' | 'off'

export interface EventStreamOptions<S extends z.ZodType> {
  readonly schema: S
  readonly onMessage: (message: z.output<S>) => void
  readonly query?: Query
  /** The server's `event:` name. @default 'message' */
  readonly event?: string
  readonly enabled?: boolean
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Server-sent events of the console's own origin. An EventSource cannot send headers, so the workspace travels as
 * `?workspace=`. The browser reconnects by itself; messages in an unknown shape are skipped.
 */
export const useEventStream = <S extends z.ZodType>(path: string, options: EventStreamOptions<S>): StreamState => {
  const workspaceId = useChosenWorkspaceId()
  const enabled = options.enabled ?? true
  const [state, setState] = useState<StreamState>('off')
  const url = withQuery(path, { ...options.query, workspace: workspaceId })
  const event = options.event ?? 'message'
  const receive = useEffectEvent((data: string) => {
    const message = options.schema.safeParse(parseJson(data))
    if (message.success) options.onMessage(message.data)
  })

  useEffect(() => {
    if (!enabled) return setState('off')
    setState('connecting')
    const source = new EventSource(url)
    source.onopen = () => setState('open')
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? 'broken' : 'connecting')
    source.addEventListener(event, (arrived: MessageEvent<string>) => receive(arrived.data))
    return () => source.close()
  }, [url, event, enabled])

  return state
}
