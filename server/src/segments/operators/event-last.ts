import type { FactEvent } from '../facts.ts'
import { valueAt } from '../json-path.ts'
import { filterMatches, filterProblem, pathOfFilter } from '../property-filter.ts'
import { askedBySelection, selectEvents, selectionOf, selectionProblem } from '../select-events.ts'
import { eventSentence, filterSentence, shown } from '../sentences.ts'
import { never } from '../sql-scope.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

/**
 * What the newest of some events said. The newest does not depend on the window, which only says how old it may be: rules
 * that differ in nothing but the window share the figure.
 */
export const eventLast: Operator<ConditionOf<'event-last'>> = {
  kind: 'event-last',
  title: 'What the latest of something said',
  problem: (condition) => filterProblem(condition.filter) ?? selectionProblem(condition),
  asks: (condition) => ({ ...askedBySelection(condition, pathOfFilter(condition.filter)), messageIds: true }),
  toSql: (condition, scope) => {
    const last = scope.figure({ kind: 'last', filter: condition.filter, ...selectionOf(condition), lastMs: null })
    if (condition.window === undefined) return { holds: `${last}.3 = 1`, nextChange: null }
    const lastMs = scope.bind(condition.window.lastMs, 'Int64')
    const holds = `${last}.3 = 1 and ${last}.1 > ${scope.bind(scope.now - condition.window.lastMs, 'Int64')}`
    return { holds, nextChange: `if(${holds}, ${last}.1 + ${lastMs}, ${never})` }
  },
  evaluate: (condition, facts) => {
    const last = lastOf(selectEvents(condition, facts))
    return last !== null && filterMatches(condition.filter, last.properties)
  },
  nextChange: (condition, facts) => {
    if (condition.window === undefined) return null
    const last = lastOf(selectEvents(condition, facts))
    return last !== null && filterMatches(condition.filter, last.properties)
      ? last.occurredAt + condition.window.lastMs
      : null
  },
  sentence: (condition) => `the latest ${eventSentence(condition)}: ${filterSentence(condition.filter)}`,
  saw: (condition, facts) => {
    const last = lastOf(selectEvents(condition, facts))
    if (last === null) return 'never'
    return `${condition.filter.path} was ${shown(valueAt(last.properties, condition.filter.path))} at ${new Date(last.occurredAt).toISOString()}`
  },
}

const lastOf = (events: readonly FactEvent[]): FactEvent | null =>
  events.reduce<FactEvent | null>(
    (last, event) =>
      last === null ||
      event.occurredAt > last.occurredAt ||
      (event.occurredAt === last.occurredAt &&
        Buffer.compare(Buffer.from(event.messageId), Buffer.from(last.messageId)) > 0)
        ? event
        : last,
    null,
  )
