import type { LiveEvent } from '@baton/contract'

/** What the page holds of the stream: what is shown, newest first, and what came while it was paused. */
export interface LiveBuffer {
  readonly shown: readonly LiveEvent[]
  readonly waiting: readonly LiveEvent[]
  /** More came in one go than one answer carries: the count is a lower bound, and older ones are a page further. */
  readonly isMore: boolean
  /** Where the events older than those shown begin; null at the end of the log. */
  readonly next: string | null
}

export const emptyBuffer: LiveBuffer = { shown: [], waiting: [], isMore: false, next: null }

/** Beyond this the page begins anew with the newest, so that a tab left open does not grow for ever. */
export const mostShown = 1_000

export const eventKey = (event: LiveEvent): string => `${event.position}:${event.index}`

const isNewer = (a: LiveEvent, b: LiveEvent): boolean =>
  a.position > b.position || (a.position === b.position && a.index > b.index)

/** Verdicts come a moment after the event: an event seen before is replaced by its newer reading. */
const reread = (held: readonly LiveEvent[], page: readonly LiveEvent[]): readonly LiveEvent[] => {
  const fresh = new Map(page.map((event) => [eventKey(event), event]))
  return held.map((event) => fresh.get(eventKey(event)) ?? event)
}

interface LivePage {
  readonly items: readonly LiveEvent[]
  readonly next: string | null
}

/** Takes the newest page of the log. While paused, new events are counted and held back. */
export const takePage = (buffer: LiveBuffer, page: LivePage, paused: boolean): LiveBuffer => {
  const newest = buffer.waiting[0] ?? buffer.shown[0]
  if (newest === undefined) return begin(page)
  const fresh = page.items.filter((event) => isNewer(event, newest))
  const hasGap = fresh.length > 0 && fresh.length === page.items.length && page.next !== null
  const shown = reread(buffer.shown, page.items)
  if (paused) {
    const waiting = [...fresh, ...reread(buffer.waiting, page.items)].slice(0, mostShown)
    return { ...buffer, shown, waiting, isMore: buffer.isMore || hasGap }
  }
  if (hasGap || fresh.length + shown.length > mostShown) return begin(page)
  return { ...buffer, shown: [...fresh, ...shown] }
}

const begin = (page: LivePage): LiveBuffer => ({ shown: page.items, waiting: [], isMore: false, next: page.next })

/** Shows what came during the pause. */
export const letIn = (buffer: LiveBuffer): LiveBuffer => ({
  ...buffer,
  shown: buffer.isMore ? buffer.waiting : [...buffer.waiting, ...buffer.shown],
  waiting: [],
  isMore: false,
})

/** Appends an older page. */
export const takeOlder = (buffer: LiveBuffer, page: LivePage): LiveBuffer => {
  const known = new Set(buffer.shown.map(eventKey))
  return {
    ...buffer,
    shown: [...buffer.shown, ...page.items.filter((event) => !known.has(eventKey(event)))],
    next: page.next,
  }
}
