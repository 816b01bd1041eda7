import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

export const rule: Operator<ConditionOf<'rule'>> = {
  kind: 'rule',
  title: 'Another rule holds',
  problem: () => null,
  asks: () => ({}),
  references: (condition) => [condition.ruleKey],
  toSql: (condition, scope) => ({ holds: scope.ruleHolds(condition.ruleKey), nextChange: null }),
  evaluate: (condition, facts) => facts.answerOf(condition.ruleKey).holds,
  nextChange: (condition, facts) => facts.answerOf(condition.ruleKey).nextChangeAt,
  sentence: (condition, nameOf) => nameOf(condition.ruleKey),
  saw: (condition, facts) => (facts.answerOf(condition.ruleKey).holds ? 'holds' : 'does not hold'),
}
