import type { LeafCondition } from '@baton/contract'
import type { Instant } from '../../kernel/index.ts'
import type { FactsAt } from '../facts.ts'
import type { SqlScope } from '../sql-scope.ts'

/** Names for what a sentence speaks of by id. */
export type NameOf = (ruleKey: string) => string

/**
 * One kind of condition, in a file of its own and a line of `list.ts`. `evaluate` and `nextChange` say in memory, of one
 * person's facts, exactly what `toSql` says in ClickHouse of everybody (a property test holds them to it).
 */
export interface Operator<Condition extends LeafCondition> {
  readonly kind: Condition['kind']
  /** In the builder's menu. */
  readonly title: string
  /** What is wrong with a condition beyond its schema, with what to do; null when nothing is. */
  problem(condition: Condition): string | null
  /** What of her facts it looks at: ticks remember nothing else. */
  asks(condition: Condition): Asked
  /** Keys of the rules whose answers it needs. */
  references?(condition: Condition): readonly string[]
  toSql(condition: Condition, scope: SqlScope): ConditionSql
  evaluate(condition: Condition, facts: FactsAt): boolean
  /**
   * The earliest instant after now at which the answer may change with no new fact; null when never. May be too early
   * (she is looked at for nothing), never too late.
   */
  nextChange(condition: Condition, facts: FactsAt): Instant | null
  /** In plain words. */
  sentence(condition: Condition, nameOf: NameOf): string
  /** What was found in her facts, for the explanation. */
  saw(condition: Condition, facts: FactsAt): string
}

/**
 * A path that conditions look at. `number`: all of them want a number, and see none where there is something else; one
 * column is read instead of three. `value`: whatever stands there.
 */
export interface AskedPath {
  readonly path: string
  readonly as: 'number' | 'value'
}

export interface Asked {
  /** Names of events. */
  readonly events?: readonly string[]
  /** Also these events' message ids: of two of one instant they decide which is the last. */
  readonly messageIds?: true
  /** Of these events' properties. */
  readonly properties?: readonly AskedPath[]
  /** Paths of traits. */
  readonly traits?: readonly string[]
}

export interface ConditionSql {
  /** 0 or 1, never null. */
  readonly holds: string
  /** Epoch ms, `never` when there is none; null when the condition never changes by time. */
  readonly nextChange: string | null
}
