import type { Instant } from '../../kernel/index.ts'
import type { FactsAt } from '../facts.ts'
import { newestOf } from '../select-events.ts'
import { durationText } from '../sentences.ts'
import { never } from '../sql-scope.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

type EventAfter = ConditionOf<'event-after'>

/** One thing happened and the other has not since. At the same instant is not after. */
export const eventAfter: Operator<EventAfter> = {
  kind: 'event-after',
  title: 'She did something and not something else since',
  problem: () => null,
  asks: ({ event, than }) => ({ events: [event, than] }),
  toSql: (condition, scope) => {
    const newest = (event: string) => scope.figure({ kind: 'newest', event, where: [], lastMs: null })
    const event = newest(condition.event)
    const after = `${event} > ${newest(condition.than)}`
    if (condition.window === undefined) return { holds: after, nextChange: null }
    const lastMs = scope.bind(condition.window.lastMs, 'Int64')
    const holds = `${after} and ${event} > ${scope.bind(scope.now - condition.window.lastMs, 'Int64')}`
    return { holds, nextChange: `if(${holds}, ${event} + ${lastMs}, ${never})` }
  },
  evaluate: (condition, facts) => heldSince(condition, facts) !== null,
  nextChange: (condition, facts) => {
    const since = heldSince(condition, facts)
    return since !== null && condition.window !== undefined ? since + condition.window.lastMs : null
  },
  sentence: ({ event, than, window }) =>
    `${event}${window === undefined ? '' : ` in the last ${durationText(window.lastMs)}`} and no ${than} since`,
  saw: ({ event, than }, facts) => `${event} ${lastText(event, facts)}, ${than} ${lastText(than, facts)}`,
}

const heldSince = ({ event, than, window }: EventAfter, facts: FactsAt): Instant | null => {
  const newest = newestOf(facts.eventsOf(event))
  const inWindow = window === undefined || newest > facts.now - window.lastMs
  return newest > newestOf(facts.eventsOf(than)) && inWindow ? newest : null
}

const lastText = (event: string, facts: FactsAt): string => {
  const newest = newestOf(facts.eventsOf(event))
  return newest === 0 ? 'never' : `last at ${new Date(newest).toISOString()}`
}
