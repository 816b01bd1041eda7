import type { Instant } from '../../kernel/index.ts'
import { numberInText } from '../../people/index.ts'
import type { FactEvent } from '../facts.ts'
import { pathProblem, valueAt } from '../json-path.ts'
import { askedBySelection, countEvents, selectEvents, selectionOf, selectionProblem } from '../select-events.ts'
import { eventSentence, thresholds } from '../sentences.ts'
import { largestAmount, never, unitsPerOne } from '../sql-scope.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

type EventSum = ConditionOf<'event-sum'>

/** A numeric property added up, to four decimals. */
export const eventSum: Operator<EventSum> = {
  kind: 'event-sum',
  title: 'What something she did adds up to',
  problem: (condition) =>
    pathProblem(condition.path) ??
    (Math.abs(condition.value) <= largestAmount
      ? selectionProblem(condition)
      : `A sum can be compared with values up to ${largestAmount}`),
  asks: (condition) => askedBySelection(condition, { path: condition.path, as: 'number' }),
  toSql: (condition, scope) => {
    const sum = scope.figure({ kind: 'sum', path: condition.path, ...selectionOf(condition) })
    const holds = `${sum} ${operators[condition.is]} ${scope.bind(unitsOf(condition.value), 'Int64')}`
    if (condition.window === undefined) return { holds, nextChange: null }
    const oldest = scope.figure({ kind: 'oldest', ...selectionOf(condition) })
    const edge = `if(${oldest} > 0, ${oldest} + ${scope.bind(condition.window.lastMs, 'Int64')}, ${never})`
    if (!onlyFalls(condition)) return { holds, nextChange: edge }
    const negatives = scope.figure({ kind: 'negatives', path: condition.path, ...selectionOf(condition) })
    return { holds, nextChange: `if(${holds} or ${negatives} > 0, ${edge}, ${never})` }
  },
  evaluate: (condition, facts) => compare(condition, sumOf(condition.path, selectEvents(condition, facts))),
  nextChange: (condition, facts): Instant | null => {
    if (condition.window === undefined) return null
    const { count, oldest } = countEvents(condition, facts)
    if (count === 0) return null
    const events = selectEvents(condition, facts)
    const holds = compare(condition, sumOf(condition.path, events))
    const mayChange = !onlyFalls(condition) || holds || events.some((event) => amountOf(condition.path, event) < 0)
    return mayChange ? oldest + condition.window.lastMs : null
  },
  sentence: (condition) =>
    `${condition.path} of ${eventSentence(condition)} adds up to ${thresholds[condition.is]} ${condition.value}`,
  saw: (condition, facts) => {
    const events = selectEvents(condition, facts)
    if (events.length === 0) return 'never'
    const times = `${events.length} ${events.length === 1 ? 'time' : 'times'}`
    return `${Number(sumOf(condition.path, events)) / unitsPerOne} in all, from ${times}`
  },
}

const operators = { 'at-least': '>=', 'at-most': '<=', equals: '=', greater: '>', less: '<' } as const

/** Without negative amounts a sum only falls with time, so that once it is too small it stays so. */
const onlyFalls = ({ is, value }: EventSum): boolean => (is === 'at-least' || is === 'greater') && value > 0

const unitsOf = (amount: number): number =>
  Math.abs(amount) <= largestAmount ? Math.floor(amount * unitsPerOne + 0.5) : 0

const amountOf = (path: string, event: FactEvent): number => {
  const value = valueAt(event.properties, path)
  const number = typeof value === 'number' ? value : typeof value === 'string' ? numberInText(value) : null
  return number === null ? 0 : unitsOf(number)
}

/** In whole units. A double holds an amount and nearly every sum exactly; where it does not, they are added up in 64 bits. */
const sumOf = (path: string, events: readonly FactEvent[]): number | bigint => {
  let sum = 0
  for (const event of events) {
    sum += amountOf(path, event)
    if (!Number.isSafeInteger(sum)) return exactSumOf(path, events)
  }
  return sum
}

const exactSumOf = (path: string, events: readonly FactEvent[]): number | bigint => {
  const sum = BigInt.asIntN(
    64,
    events.reduce((total, event) => total + BigInt(amountOf(path, event)), 0n),
  )
  return sum > Number.MAX_SAFE_INTEGER || sum < Number.MIN_SAFE_INTEGER ? sum : Number(sum)
}

const compare = ({ is, value }: EventSum, sum: number | bigint): boolean => {
  const threshold = unitsOf(value)
  switch (is) {
    case 'at-least':
      return sum >= threshold
    case 'at-most':
      return sum <= threshold
    case 'equals':
      return sum === threshold
    case 'greater':
      return sum > threshold
    case 'less':
      return sum < threshold
  }
}
