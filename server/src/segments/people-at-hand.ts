import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Instant, PersonId } from '../kernel/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import type { SlottedRule } from './compile-rules.ts'
import { type FoundMask, type PreparedRules, prepareRules } from './evaluate-masks.ts'
import { type FactsLayout, layoutOf } from './facts-layout.ts'
import type { MaskState, Words } from './mask.ts'
import { type MaskDifference, readMasks } from './mask-sql.ts'
import { type AskedFacts, readPeopleFacts } from './people-facts-sql.ts'
import type { PersonAtHand, ReadAt, WorkspaceFacts } from './workspace-facts.ts'

/** Rules made ready for facts in memory, with what they look at of a person. */
export interface RulesAtHand extends PreparedRules {
  readonly layout: FactsLayout
}

export const rulesAtHand = (rules: readonly SlottedRule[]): RulesAtHand => {
  const prepared = prepareRules(rules)
  return { ...prepared, layout: layoutOf(prepared.leafConditions) }
}

/** Null where somebody has too many events. */
export type PeopleAtHand = ReadonlyMap<PersonId, PersonAtHand | null>

/** People with their masks, as ClickHouse holds them; null when all together have too many events. */
export const readPeopleAtHand = async (
  clickhouse: ClickHouse,
  layout: FactsLayout,
  asked: AskedFacts,
): Promise<PeopleAtHand | null> => {
  const [facts, masks] = await Promise.all([
    readPeopleFacts(clickhouse, layout, asked),
    readMasks(clickhouse, asked.workspaceId, asked.scope, 'tick'),
  ])
  if (facts === null) return null
  const people = new Map<PersonId, PersonAtHand | null>()
  for (const [personId, each] of facts)
    people.set(personId, each === null ? null : { facts: each, mask: masks.get(personId) ?? null })
  for (const [personId, mask] of masks) if (!people.has(personId)) people.set(personId, { facts: null, mask })
  return people
}

/** The difference between what rules say of her now and her mask; null for none. */
export const differenceOf = (
  { maskOf }: Pick<PreparedRules, 'maskOf'>,
  personId: PersonId,
  { facts, mask }: PersonAtHand,
  now: Instant,
): MaskDifference | null => differenceBetween(personId, facts === null ? null : maskOf(facts, now), mask)

/** The same where what rules say of her was found: null for somebody who is not, or has no mask. */
export const differenceBetween = (
  personId: PersonId,
  now: FoundMask | null,
  mask: MaskState | null,
): MaskDifference | null => {
  const found = now ?? nobody
  const old = mask ?? nobody
  const isSame =
    (now !== null) === (mask !== null) && sameWords(found.words, old.words) && found.nextChangeAt === old.nextChangeAt
  if (isSame) return null
  return {
    personId,
    present: now !== null,
    known: mask !== null,
    words: found.words,
    oldWords: old.words,
    leaves: found.leaves,
    nextChangeAt: found.nextChangeAt,
    oldNextChangeAt: old.nextChangeAt,
  }
}

const nobody = { words: [], leaves: [], nextChangeAt: 0 } as const

const sameWords = (one: Words, other: Words): boolean => {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false
  return true
}

/** So many between two looks at what else there is to do (some 2 ms): other stages wait for answers in this process. */
export const peopleAtOnce = 250

/** Puts those who are somebody into the memory. */
export const rememberAll = async (memory: WorkspaceFacts, people: PeopleAtHand, readAt: ReadAt): Promise<void> => {
  let count = 0
  for (const [personId, person] of people) {
    memory.remember(personId, person, readAt)
    count += 1
    if (count % peopleAtOnce === 0) await yieldToOthers()
  }
}
