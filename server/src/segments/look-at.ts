import type { PersonId } from '../kernel/index.ts'
import type { QueryScope, RuleQuery, SlottedRule } from './compile-rules.ts'
import { findDifferencesInMemory, mostPeopleInMemory } from './find-differences-in-memory.ts'
import { countPeople, findDifferences, type MaskDifference } from './mask-sql.ts'
import { checkPersonSet, writePersonSet } from './person-set-sql.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'

/** A slice of everybody, half open (after, upTo]; null is an open end. */
export type Slice = Extract<QueryScope, { kind: 'range' }>

export interface Looked {
  readonly differences: readonly MaskDifference[]
  readonly leafConditions: readonly object[]
  /** True: everybody was looked at, whoever was asked for. */
  readonly everybody?: true
}

type LookDeps = Pick<SegmentsStageDeps, 'clickhouse'>
type AtFacts = Omit<RuleQuery, 'scope'>

/**
 * A few people in memory, many by the one query; and everybody at once where one in twenty changed: looking for the events
 * of 46,000 out of a million takes as long as reading all of them.
 */
export const lookAtPeople = async (
  { clickhouse }: LookDeps,
  rules: readonly SlottedRule[],
  query: AtFacts,
  persons: readonly PersonId[],
): Promise<Looked> => {
  const few = persons.length <= mostPeopleInMemory
  const found = few ? await findDifferencesInMemory(clickhouse, rules, { ...query, persons }) : null
  if (found !== null) return found
  const isGoodPart =
    persons.length > manyPeople && persons.length * 20 > (await countPeople(clickhouse, query.workspaceId))
  if (isGoodPart)
    return {
      ...(await findDifferences(clickhouse, rules, { ...query, scope: { kind: 'everybody' } })),
      everybody: true,
    }
  const setId = await writePersonSet(clickhouse, query.workspaceId, persons)
  const looked = await findDifferences(clickhouse, rules, { ...query, scope: { kind: 'set', setId } })
  await checkPersonSet(clickhouse, query.workspaceId, { setId, size: persons.length })
  return looked
}
const manyPeople = 5_000

/** Beside ticks of live facts a slice has one thread, so that it does not keep them waiting. */
export const lookAtSlice = (
  { clickhouse }: LookDeps,
  rules: readonly SlottedRule[],
  query: AtFacts,
  slice: Slice,
  beside: boolean,
): Promise<Looked> => findDifferences(clickhouse, rules, { ...query, scope: slice }, beside ? { max_threads: 1 } : {})
