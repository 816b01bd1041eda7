import type { LeafCondition } from '@baton/contract'
import type { FieldsProps } from '../conditions/condition-view.ts'
import { viewOf } from '../conditions/list.ts'

/** The inputs of one condition, read from left to right as a sentence. */
export const ConditionEditor = (props: FieldsProps<LeafCondition>) => {
  const { Fields } = viewOf(props.condition.kind)
  return <Fields {...props} />
}
