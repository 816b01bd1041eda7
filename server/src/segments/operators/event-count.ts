import type { Instant } from '../../kernel/index.ts'
import { askedBySelection, countEvents, selectionOf, selectionProblem } from '../select-events.ts'
import { eventSentence, thresholds } from '../sentences.ts'
import { never } from '../sql-scope.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

type EventCount = ConditionOf<'event-count'>

/**
 * How often she did something. "At least once" and "never" need only the time of the newest such event, whatever the
 * window: rules that differ in nothing but the window share that figure.
 */
export const eventCount: Operator<EventCount> = {
  kind: 'event-count',
  title: 'How often she did something',
  problem: selectionProblem,
  asks: (condition) => askedBySelection(condition),
  toSql: (condition, scope) => {
    const lastMs = condition.window?.lastMs
    const least = leastForOnce(condition)
    if (least !== null) {
      const newest = scope.figure({ kind: 'newest', ...selectionOf(condition), lastMs: null })
      const happened = `${newest} > ${scope.bind(lastMs === undefined ? 0 : scope.now - lastMs, 'Int64')}`
      return {
        holds: least === 'happened' ? `(${happened})` : `not (${happened})`,
        nextChange:
          lastMs === undefined ? null : `if(${happened}, ${newest} + ${scope.bind(lastMs, 'Int64')}, ${never})`,
      }
    }
    const count = scope.figure({ kind: 'count', ...selectionOf(condition) })
    const holds = `${count} ${operators[condition.is]} ${condition.value}`
    if (lastMs === undefined) return { holds, nextChange: null }
    const oldest = scope.figure({ kind: 'oldest', ...selectionOf(condition) })
    return {
      holds,
      nextChange: `if(${count} >= ${Math.max(1, smallestThatCanChange(condition))}, ${oldest} + ${scope.bind(lastMs, 'Int64')}, ${never})`,
    }
  },
  evaluate: (condition, facts) => compare(condition, countEvents(condition, facts).count),
  nextChange: (condition, facts): Instant | null => {
    if (condition.window === undefined) return null
    const { count, newest, oldest } = countEvents(condition, facts)
    if (count === 0) return null
    if (leastForOnce(condition) !== null) return newest + condition.window.lastMs
    return count >= smallestThatCanChange(condition) ? oldest + condition.window.lastMs : null
  },
  sentence: (condition) =>
    `${eventSentence(condition)}: ${thresholds[condition.is]} ${condition.value} ${condition.value === 1 ? 'time' : 'times'}`,
  saw: (condition, facts) => {
    const { count, newest } = countEvents(condition, facts)
    if (count === 0) return 'never'
    return `${count} ${count === 1 ? 'time' : 'times'}, the last at ${new Date(newest).toISOString()}`
  },
}

const operators = { 'at-least': '>=', 'at-most': '<=', equals: '=', greater: '>', less: '<' } as const

const compare = ({ is, value }: EventCount, count: number): boolean => {
  switch (is) {
    case 'at-least':
      return count >= value
    case 'at-most':
      return count <= value
    case 'equals':
      return count === value
    case 'greater':
      return count > value
    case 'less':
      return count < value
  }
}

/** `happened` for "at least once", `never` for its opposite, null for any other threshold. */
const leastForOnce = ({ is, value }: EventCount): 'happened' | 'never' | null => {
  if ((is === 'at-least' && value === 1) || (is === 'greater' && value === 0)) return 'happened'
  if (value === 0 && (is === 'equals' || is === 'at-most')) return 'never'
  return is === 'less' && value === 1 ? 'never' : null
}

/** With fewer events than this, losing old ones out of the window changes nothing any more. */
const smallestThatCanChange = ({ is, value }: EventCount): number => {
  switch (is) {
    case 'at-least':
    case 'less':
    case 'equals':
      return value
    case 'at-most':
    case 'greater':
      return value + 1
  }
}
