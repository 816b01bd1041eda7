import type { LeafCondition } from '@baton/contract'
import { BugError } from '../../kernel/index.ts'
import { eventAfter } from './event-after.ts'
import { eventCount } from './event-count.ts'
import { eventLast } from './event-last.ts'
import { eventSum } from './event-sum.ts'
import type { Operator } from './operator.ts'
import { rule } from './rule.ts'
import { segment } from './segment.ts'
import { trait } from './trait.ts'
import { traitDate } from './trait-date.ts'

type Operators = { readonly [Kind in LeafCondition['kind']]: Operator<Extract<LeafCondition, { kind: Kind }>> }

/** Every kind of condition: add a file, its schema in the contract, and a line here. */
export const operators: Operators = {
  trait,
  'trait-date': traitDate,
  'event-count': eventCount,
  'event-sum': eventSum,
  'event-last': eventLast,
  'event-after': eventAfter,
  segment,
  rule,
}

/** Does something with a condition and the operator of its kind, which the compiler can't pair up by itself. */
export const operatorOf = (condition: LeafCondition): Operator<LeafCondition> => {
  const operator = operators[condition.kind]
  if (operator === undefined) throw new BugError(`No operator for the condition "${condition.kind}"`)
  // The list's type pairs kind and operator; indexing by a union loses it.
  return operator as unknown as Operator<LeafCondition>
}
