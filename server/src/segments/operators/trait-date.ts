import { dateIn, dateSql } from '../date-text.ts'
import { pathProblem, valueAt } from '../json-path.ts'
import { durationText, shown } from '../sentences.ts'
import { never } from '../sql-scope.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

type TraitDate = ConditionOf<'trait-date'>

export const traitDate: Operator<TraitDate> = {
  kind: 'trait-date',
  title: 'A date known about her has come or is to come',
  problem: (condition) => pathProblem(condition.path),
  asks: ({ path }) => ({ traits: [path] }),
  toSql: (condition, scope) => {
    const date = scope.trait(() => dateSql('traits', condition.path))
    const edge = `${date} + ${scope.bind(condition.plusMs, 'Int64')}`
    const now = scope.bind(scope.now, 'Int64')
    return {
      holds: `ifNull(${edge} ${condition.is === 'past' ? '<=' : '>'} ${now}, 0)`,
      nextChange: `if(ifNull(${edge} > ${now}, 0), ifNull(${edge}, ${never}), ${never})`,
    }
  },
  evaluate: (condition, facts) => {
    const date = dateIn(valueAt(facts.traits, condition.path))
    if (date === null) return false
    return date + condition.plusMs <= facts.now === (condition.is === 'past')
  },
  nextChange: (condition, facts) => {
    const date = dateIn(valueAt(facts.traits, condition.path))
    return date !== null && date + condition.plusMs > facts.now ? date + condition.plusMs : null
  },
  sentence: ({ path, plusMs, is }) =>
    `${path}${plusMs === 0 ? '' : plusMs > 0 ? ` plus ${durationText(plusMs)}` : ` less ${durationText(-plusMs)}`} ${is === 'past' ? 'has passed' : 'is to come'}`,
  saw: (condition, facts) => `${condition.path} is ${shown(valueAt(facts.traits, condition.path))}`,
}
