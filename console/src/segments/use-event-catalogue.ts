import { eventCatalogue } from '@baton/contract'
import { useMemo } from 'react'
import { useApi } from '../api/use-api.ts'

export interface Suggestions {
  readonly events: readonly string[]
  readonly traits: readonly string[]
  readonly propertiesOf: (event: string) => readonly string[]
}

/** What this workspace's events and people carry, most frequent first; empty lists until it is known. */
export const useEventCatalogue = (): Suggestions => {
  const { data } = useApi('/v1/event-names', eventCatalogue)
  return useMemo(() => {
    const events = [...(data?.events ?? [])].sort((a, b) => b.count - a.count)
    const properties = new Map(events.map((event) => [event.name, event.properties]))
    return {
      events: events.map(({ name }) => name),
      traits: [...(data?.traits ?? [])].sort((a, b) => b.people - a.people).map(({ name }) => name),
      propertiesOf: (event) => properties.get(event) ?? [],
    }
  }, [data])
}
