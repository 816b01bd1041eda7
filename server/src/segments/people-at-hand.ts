import type { Instant, PersonId } from '../kernel/index.ts'
import type { Projected } from '../people/index.ts'
import type { ClickHouse } from '../stores/index.ts'
import type { SlottedRule } from './compile-rules.ts'
import { type PreparedRules, prepareRules } from './evaluate-masks.ts'
import { type FactsLayout, layoutOf } from './facts-layout.ts'
import type { Words } from './mask.ts'
import { type MaskDifference, readMasks } from './mask-sql.ts'
import { type AskedFacts, readPeopleFacts } from './people-facts-sql.ts'
import type { Slice } from './query-scope.ts'
import type { PersonAtHand, WorkspaceFacts } from './workspace-facts.ts'

/** Rules made ready for facts in memory, with what they look at of a person. */
export interface RulesAtHand extends PreparedRules {
  readonly layout: FactsLayout
}

export const rulesAtHand = (rules: readonly SlottedRule[]): RulesAtHand => {
  const prepared = prepareRules(rules)
  return { ...prepared, layout: layoutOf(prepared.leafConditions) }
}

/** People with their masks, as ClickHouse holds them; null when they have too many events. */
export const readPeopleAtHand = async (
  clickhouse: ClickHouse,
  layout: FactsLayout,
  asked: AskedFacts,
): Promise<ReadonlyMap<PersonId, PersonAtHand> | null> => {
  const [facts, masks] = await Promise.all([
    readPeopleFacts(clickhouse, layout, asked),
    readMasks(clickhouse, asked.workspaceId, asked.scope, 'tick'),
  ])
  if (facts === null) return null
  const people = new Map<PersonId, PersonAtHand>()
  for (const [personId, each] of facts) people.set(personId, { facts: each, mask: masks.get(personId) ?? null })
  for (const [personId, mask] of masks) if (!people.has(personId)) people.set(personId, { facts: null, mask })
  return people
}

/** The difference between what rules say of her now and her mask; null for none. */
export const differenceOf = (
  { maskOf }: Pick<PreparedRules, 'maskOf'>,
  personId: PersonId,
  { facts, mask }: PersonAtHand,
  now: Instant,
): MaskDifference | null => {
  const found = facts === null ? nobody : maskOf(facts, now)
  const old = mask ?? nobody
  const isSame =
    (facts !== null) === (mask !== null) && sameWords(found.words, old.words) && found.nextChangeAt === old.nextChangeAt
  if (isSame) return null
  return {
    personId,
    present: facts !== null,
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

/** Puts those who are somebody into the memory. */
export const rememberAll = (
  memory: WorkspaceFacts,
  people: ReadonlyMap<PersonId, PersonAtHand>,
  projected: Projected,
): void => {
  for (const [personId, { facts, mask }] of people)
    if (facts !== null) memory.remember(personId, { facts, mask }, projected)
}

/** A slice of everybody into the memory, those who are there already excepted. */
export const readAhead = async (
  clickhouse: ClickHouse,
  memory: WorkspaceFacts,
  asked: Omit<AskedFacts, 'scope'> & { readonly slice: Slice },
  projected: Projected,
): Promise<void> => {
  const people = await readPeopleAtHand(clickhouse, memory.standing.layout, { ...asked, scope: asked.slice })
  if (people !== null)
    rememberAll(memory, new Map([...people].filter(([personId]) => !memory.has(personId))), projected)
  memory.readAheadFrom = asked.slice.upTo ?? undefined
}
