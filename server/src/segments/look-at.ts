import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { must, type PersonId } from '../kernel/index.ts'
import type { RuleQuery, SlottedRule } from './compile-rules.ts'
import { findDifferences, takesParts } from './find-differences.ts'
import { countPeople, type MaskDifference } from './mask-sql.ts'
import {
  differenceOf,
  type PeopleAtHand,
  peopleAtOnce,
  type RulesAtHand,
  readPeopleAtHand,
  rememberAll,
} from './people-at-hand.ts'
import { checkPersonSet, writePersonSet } from './person-set-sql.ts'
import type { Slice } from './query-scope.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import type { PersonAtHand, ReadAt, WorkspaceFacts } from './workspace-facts.ts'

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
  { memory, readAt }: { readonly memory: WorkspaceFacts; readonly readAt: ReadAt },
): Promise<Looked> => {
  const unknown = persons.filter((personId) => !memory.has(personId))
  const read = await readFew(
    deps,
    rules,
    query,
    unknown.filter((personId) => !memory.isTooBig(personId)),
  )
  await rememberAll(memory, read, readAt)
  // Neither known nor read, or too big to be.
  const asked = new Set(unknown.filter((personId) => (read.get(personId) ?? null) === null))
  const isGoodPart =
    asked.size > manyPeople &&
    !takesParts(rules.slotted) &&
    asked.size * goodPart > (await countPeople(deps.clickhouse, query.workspaceId))
  if (isGoodPart)
    return {
      ...(await findDifferences(deps.clickhouse, rules.slotted, { ...query, scope: { kind: 'everybody' } })),
      everybody: true,
    }
  const here = persons.filter((personId) => !asked.has(personId))
  for (const personId of asked) memory.forget(personId)
  const [ofAsked, ofHere] = await Promise.all([
    asked.size === 0 ? null : lookAtSet(deps, rules, query, [...asked]),
    evaluateAll(rules, query, here, (personId) =>
      must(read.get(personId) ?? memory.find(personId), 'she is known or was read'),
    ),
  ])
  return ofAsked === null ? ofHere : { ...ofAsked, differences: [...ofAsked.differences, ...ofHere.differences] }
}

const nobodyAtHand: PersonAtHand = { facts: null, mask: null }

/** Whoever is asked for, null for too many events; nobody at all where they, or their events, are too many together. */
const readFew = async (
  { clickhouse }: LookDeps,
  { atHand }: RulesToLookBy,
  query: AtFacts,
  persons: readonly PersonId[],
): Promise<PeopleAtHand> => {
  if (persons.length === 0 || persons.length > mostPeopleRead) return new Map()
  const read = await readPeopleAtHand(clickhouse, atHand.layout, { ...query, scope: { kind: 'persons', persons } })
  if (read === null) return new Map()
  const found = new Map(read)
  for (const personId of persons) if (!found.has(personId)) found.set(personId, nobodyAtHand)
  return found
}

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
