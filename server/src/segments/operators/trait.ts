import { valueAt } from '../json-path.ts'
import { filterMatches, filterProblem, filterSql } from '../property-filter.ts'
import { filterSentence, shown } from '../sentences.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

export const trait: Operator<ConditionOf<'trait'>> = {
  kind: 'trait',
  title: 'Something known about her',
  problem: filterProblem,
  asks: ({ path }) => ({ traits: [path] }),
  toSql: (condition, scope) => ({
    holds: scope.trait((numberAt) => filterSql(condition, 'traits', scope.bind, numberAt)),
    nextChange: null,
  }),
  evaluate: (condition, facts) => filterMatches(condition, facts.traits),
  nextChange: () => null,
  sentence: filterSentence,
  saw: (condition, facts) => `${condition.path} is ${shown(valueAt(facts.traits, condition.path))}`,
}
