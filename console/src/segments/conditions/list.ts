import type { LeafCondition } from '@baton/contract'
import type { ConditionView } from './condition-view.ts'
import { eventAfter } from './event-after.tsx'
import { eventCount } from './event-count.tsx'
import { eventLast } from './event-last.tsx'
import { eventSum } from './event-sum.tsx'
import { rule } from './rule.tsx'
import { segment } from './segment.tsx'
import { trait } from './trait.tsx'
import { traitDate } from './trait-date.tsx'

type ConditionViews = { readonly [Kind in LeafCondition['kind']]: ConditionView<Kind> }

/** Every kind of condition, in the order of the builder's menu: add a file and a line here. */
const conditionViews: ConditionViews = {
  'event-count': eventCount,
  'event-sum': eventSum,
  'event-last': eventLast,
  'event-after': eventAfter,
  trait,
  'trait-date': traitDate,
  segment,
  rule,
}

export const viewOf = (kind: LeafCondition['kind']): ConditionView<LeafCondition['kind']> => conditionViews[kind]

/** What the builder's menu offers. */
export const offered = Object.values(conditionViews).flatMap(({ kind, offer }) =>
  offer === null ? [] : [{ kind, ...offer, empty: (): LeafCondition => offer.empty() }],
)
