import type { PropertyFilter } from '@baton/contract'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import type { FactEvent, FactsAt } from './facts.ts'
import { filterMatches, filterProblem } from './property-filter.ts'
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

export const selectEvents = (condition: SelectsEvents, facts: FactsAt): readonly FactEvent[] => {
  const known = facts.selected.get(condition)
  if (known !== undefined) return known
  const selected = select(condition, facts)
  facts.selected.set(condition, selected)
  return selected
}

const select = (condition: SelectsEvents, facts: FactsAt): readonly FactEvent[] => {
  const after = condition.window === undefined ? 0 : facts.now - condition.window.lastMs
  return facts
    .eventsOf(condition.event)
    .filter(
      (event) => event.occurredAt > after && condition.where.every((filter) => filterMatches(filter, event.properties)),
    )
}

export const selectionProblem = (condition: SelectsEvents): string | null =>
  condition.where.map(filterProblem).find((problem) => problem !== null) ?? null

/** Time of the newest, 0 when there is none. */
export const newestOf = (events: readonly FactEvent[]): Instant =>
  events.reduce((newest, event) => Math.max(newest, event.occurredAt), 0)

/** Time of the oldest, null when there is none. */
export const oldestOf = (events: readonly FactEvent[]): Instant | null =>
  events.reduce<Instant | null>(
    (oldest, event) => (oldest === null || event.occurredAt < oldest ? event.occurredAt : oldest),
    null,
  )
