import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { must, type PersonId } from '../kernel/index.ts'
import type { Projected } from '../people/index.ts'
import type { RuleQuery, SlottedRule } from './compile-rules.ts'
import { countPeople, findDifferences, type MaskDifference } from './mask-sql.ts'
import { differenceOf, type RulesAtHand, readPeopleAtHand, rememberAll } from './people-at-hand.ts'
import { checkPersonSet, writePersonSet } from './person-set-sql.ts'
import type { Slice } from './query-scope.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import type { PersonAtHand, WorkspaceFacts } from './workspace-facts.ts'

export interface Looked {
  readonly differences: readonly MaskDifference[]
  readonly leafConditions: readonly object[]
  /** True: everybody was looked at, whoever was asked for. */
  readonly everybody?: true
}

type LookDeps = Pick<SegmentsStageDeps, 'clickhouse'>
type AtFacts = Omit<RuleQuery, 'scope'>

/** By which rules a tick looks, in each of their forms. */
export interface RulesToLookBy {
  readonly slotted: readonly SlottedRule[]
  readonly atHand: RulesAtHand
}

/**
 * Up to so many people who are not remembered are read and evaluated here: whatever their number, ClickHouse needs 70 ms
 * of a core to understand a query of fifty rules (no plan is kept). Both ways are equal by property.
 */
export const mostPeopleRead = 2_500
/** Looking for the events of one person in twenty takes as long as reading all of them. */
const manyPeople = 5_000
const goodPart = 20

/** Whom the memory knows, here; the others by their facts in ClickHouse: a few read, many by the one query. */
export const lookAtPeople = async (
  deps: LookDeps,
  rules: RulesToLookBy,
  query: AtFacts,
  persons: readonly PersonId[],
  { memory, projected }: { readonly memory: WorkspaceFacts; readonly projected: Projected },
): Promise<Looked> => {
  const unknown = persons.filter((personId) => !memory.has(personId))
  const read = await readFew(deps, rules, query, unknown)
  if (read !== null) {
    rememberAll(memory, read, projected)
    const find = (personId: PersonId) => read.get(personId) ?? memory.find(personId) ?? nobodyAtHand
    return evaluateAll(rules, query, persons, find)
  }
  const isGoodPart =
    unknown.length > manyPeople && unknown.length * goodPart > (await countPeople(deps.clickhouse, query.workspaceId))
  if (isGoodPart)
    return {
      ...(await findDifferences(deps.clickhouse, rules.slotted, { ...query, scope: { kind: 'everybody' } })),
      everybody: true,
    }
  for (const personId of unknown) memory.forget(personId)
  const [asked, remembered] = await Promise.all([
    lookAtSet(deps, rules, query, unknown),
    evaluateAll(
      rules,
      query,
      persons.filter((personId) => memory.has(personId)),
      (personId) => must(memory.find(personId), 'she was there'),
    ),
  ])
  return { ...asked, differences: [...asked.differences, ...remembered.differences] }
}

const nobodyAtHand: PersonAtHand = { facts: null, mask: null }

/** Null: they, or their events, are too many. */
const readFew = async (
  { clickhouse }: LookDeps,
  { atHand }: RulesToLookBy,
  query: AtFacts,
  persons: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, PersonAtHand> | null> => {
  if (persons.length === 0) return new Map()
  if (persons.length > mostPeopleRead) return null
  return readPeopleAtHand(clickhouse, atHand.layout, { ...query, scope: { kind: 'persons', persons } })
}

/** So many between two looks at what else there is to do (some 2 ms): other stages wait for answers in this process. */
const peopleAtOnce = 250

const evaluateAll = async (
  { atHand }: RulesToLookBy,
  { now }: AtFacts,
  persons: readonly PersonId[],
  find: (personId: PersonId) => PersonAtHand,
): Promise<Looked> => {
  const differences: MaskDifference[] = []
  for (const [index, personId] of persons.entries()) {
    if (index > 0 && index % peopleAtOnce === 0) await yieldToOthers()
    const difference = differenceOf(atHand, personId, find(personId), now)
    if (difference !== null) differences.push(difference)
  }
  return { differences, leafConditions: atHand.leafConditions }
}

const lookAtSet = async (
  { clickhouse }: LookDeps,
  { slotted }: RulesToLookBy,
  query: AtFacts,
  persons: readonly PersonId[],
): Promise<Looked> => {
  const setId = await writePersonSet(clickhouse, query.workspaceId, persons)
  const looked = await findDifferences(clickhouse, slotted, { ...query, scope: { kind: 'set', setId } })
  await checkPersonSet(clickhouse, query.workspaceId, { setId, size: persons.length })
  return looked
}

/** Beside ticks of live facts a slice has one thread, so that it does not keep them waiting. */
export const lookAtSlice = (
  { clickhouse }: LookDeps,
  { slotted }: RulesToLookBy,
  query: AtFacts,
  slice: Slice,
  beside: boolean,
): Promise<Looked> => findDifferences(clickhouse, slotted, { ...query, scope: slice }, beside ? { max_threads: 1 } : {})
