import type { PropertyFilter } from '@baton/contract'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import type { FactEvent, FactsAt, Selected } from './facts.ts'
import type { AskedPath } from './operators/operator.ts'
import { filterMatches, filterProblem, pathOfFilter } from './property-filter.ts'
import type { EventSelection } from './sql-scope.ts'

/** Which events a condition is about: a name, filters on properties, a window that ends now. */
export interface SelectsEvents {
  readonly event: string
  readonly where: readonly PropertyFilter[]
  readonly window?: { readonly lastMs: Milliseconds } | undefined
}

export const selectionOf = (condition: SelectsEvents): EventSelection => ({
  event: condition.event,
  where: condition.where,
  lastMs: condition.window?.lastMs ?? null,
})

export const askedBySelection = ({ event, where }: SelectsEvents, ...more: readonly AskedPath[]) => ({
  events: [event],
  properties: [...where.map(pathOfFilter), ...more],
})

/** The events a condition is about. */
export const selectEvents = ({ event, where, window }: SelectsEvents, facts: FactsAt): readonly FactEvent[] => {
  const events = facts.eventsOf(event)
  if (events.length === 0 || (window === undefined && where.length === 0)) return events
  const after = afterOf(window, facts)
  return events.filter((each) => isSelected(each, where, after))
}

/**
 * Their number, and the times of the newest and the oldest: all that most conditions need, and no list is made. What is
 * answered is changed by the next call.
 */
export const countEvents = (condition: SelectsEvents, facts: FactsAt): Readonly<Selected> => {
  const { selected } = facts
  if (selected.by === condition) return selected
  selected.by = condition
  selected.count = 0
  selected.newest = 0
  selected.oldest = 0
  const { where } = condition
  const after = afterOf(condition.window, facts)
  for (const event of facts.eventsOf(condition.event)) {
    if (!isSelected(event, where, after)) continue
    const { occurredAt } = event
    selected.count += 1
    if (occurredAt > selected.newest) selected.newest = occurredAt
    if (selected.oldest === 0 || occurredAt < selected.oldest) selected.oldest = occurredAt
  }
  return selected
}

const afterOf = (window: SelectsEvents['window'], { now }: FactsAt): Instant =>
  window === undefined ? 0 : now - window.lastMs

const isSelected = (
  { occurredAt, properties }: FactEvent,
  where: readonly PropertyFilter[],
  after: Instant,
): boolean => {
  if (occurredAt <= after) return false
  for (const filter of where) if (!filterMatches(filter, properties)) return false
  return true
}

export const selectionProblem = (condition: SelectsEvents): string | null =>
  condition.where.map(filterProblem).find((problem) => problem !== null) ?? null

/** Time of the newest, 0 when there is none. */
export const newestOf = (events: readonly FactEvent[]): Instant => {
  let newest: Instant = 0
  for (const { occurredAt } of events) if (occurredAt > newest) newest = occurredAt
  return newest
}
