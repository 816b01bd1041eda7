import { segmentRuleKey } from '../rule-key.ts'
import type { ConditionOf } from './condition-of.ts'
import type { Operator } from './operator.ts'

export const segment: Operator<ConditionOf<'segment'>> = {
  kind: 'segment',
  title: 'She is in a segment',
  problem: () => null,
  asks: () => ({}),
  references: ({ segmentId }) => [segmentRuleKey(segmentId)],
  toSql: ({ segmentId }, scope) => ({ holds: scope.ruleHolds(segmentRuleKey(segmentId)), nextChange: null }),
  evaluate: ({ segmentId }, facts) => facts.answerOf(segmentRuleKey(segmentId)).holds,
  nextChange: ({ segmentId }, facts) => facts.answerOf(segmentRuleKey(segmentId)).nextChangeAt,
  sentence: ({ segmentId }, nameOf) => `in the segment ${nameOf(segmentRuleKey(segmentId))}`,
  saw: ({ segmentId }, facts) => (facts.answerOf(segmentRuleKey(segmentId)).holds ? 'in it' : 'not in it'),
}
