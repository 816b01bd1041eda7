import type { LeafCondition, PropertyFilter } from '@baton/contract'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { TextKey } from '../../texts/use-texts.ts'
import type { SentenceWords } from '../sentence-parts.ts'
import type { Suggestions } from '../use-event-catalogue.ts'

type ConditionKind = LeafCondition['kind']
export type ConditionOf<Kind extends ConditionKind> = Extract<LeafCondition, { kind: Kind }>

export interface FieldsProps<Condition> {
  readonly condition: Condition
  readonly onChange: (condition: LeafCondition) => void
  readonly negated: boolean
  readonly suggestions: Suggestions
  readonly segments: readonly { readonly segmentId: string; readonly name: string }[]
}
export type FieldsOf<Kind extends ConditionKind> = FieldsProps<ConditionOf<Kind>>

/** How the builder offers a kind of condition, under its name in `segments.kinds`. */
interface Offer<Condition> {
  readonly icon: Icon
  readonly lead: TextKey
  /** As it stands when it is added: what must be said is empty, the rest is the usual case. */
  empty(): Condition
}

/** How the console says and edits one kind of condition: a file of its own and a line of `list.ts`. */
export interface ConditionView<Kind extends ConditionKind, Condition = ConditionOf<Kind>> {
  readonly kind: Kind
  /** Null: nobody can add it in the builder. */
  readonly offer: Offer<Condition> | null
  sentence(condition: Condition, words: SentenceWords): string
  /** Its opposite, where it is said otherwise than by "not"; null where it is not. */
  negated?(condition: Condition, words: SentenceWords): string | null
  /** Filters that must be whole before it counts. */
  filters(condition: Condition): readonly PropertyFilter[]
  /** Its inputs, read from left to right as a sentence. */
  Fields(props: FieldsProps<Condition>): ReactNode
}
