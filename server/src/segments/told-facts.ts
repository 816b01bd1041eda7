import type { Instant, PersonId } from '../kernel/index.ts'
import type { PeopleBatch, PersonEvent } from '../people/index.ts'
import { eventNamesOf } from './asked-paths.ts'
import { operatorOf } from './operators/list.ts'
import { leavesOf, referencesOf } from './rule-tree.ts'
import type { RuleVersion } from './rule-versions.ts'

/** What of her facts a condition may look at: events of a name, or what states her traits. */
type Seen = `event ${string}` | 'traits'

/** What a tick's new facts say of one person. */
export interface ToldFacts {
  /** Null: she was changed by none of her own events. */
  readonly newestAt: Instant | null
  /** All of them are. */
  readonly historic: boolean
  /** Where some of them are and some are not: what conditions may see of either. */
  readonly mixed: { readonly historic: ReadonlySet<Seen>; readonly live: ReadonlySet<Seen> } | null
}

const seenOf = ({ name, type }: PersonEvent): readonly Seen[] =>
  type === 'identify' || type === 'group' ? [`event ${name}`, 'traits'] : [`event ${name}`]

export const toldFacts = (batches: readonly PeopleBatch[]): ReadonlyMap<PersonId, ToldFacts> => {
  const facts = new Map<PersonId, ToldFacts>()
  const withBoth = new Set<PersonId>()
  for (const { changedPersons } of batches)
    for (const personId of changedPersons) facts.set(personId, { newestAt: null, historic: false, mixed: null })
  for (const { events, personOf } of batches)
    for (const { subjectId, occurredAt, historic } of events) {
      const personId = personOf.get(subjectId)
      if (personId === undefined) continue
      const known = facts.get(personId)
      const before = known === undefined || known.newestAt === null ? historic : known.historic
      if (before !== historic) withBoth.add(personId)
      facts.set(personId, {
        newestAt: Math.max(known?.newestAt ?? 0, occurredAt),
        historic: historic && before,
        mixed: null,
      })
    }
  if (withBoth.size > 0) for (const [personId, told] of mixedFacts(batches, withBoth, facts)) facts.set(personId, told)
  return facts
}

const mixedFacts = (
  batches: readonly PeopleBatch[],
  persons: ReadonlySet<PersonId>,
  facts: ReadonlyMap<PersonId, ToldFacts>,
): ReadonlyMap<PersonId, ToldFacts> => {
  const sides = new Map(
    [...persons].map((personId) => [personId, { historic: new Set<Seen>(), live: new Set<Seen>() }]),
  )
  for (const { events, personOf } of batches)
    for (const event of events) {
      const personId = personOf.get(event.subjectId)
      const hers = personId === undefined ? undefined : sides.get(personId)
      if (hers === undefined) continue
      for (const seen of seenOf(event)) (event.historic ? hers.historic : hers.live).add(seen)
    }
  const told = new Map<PersonId, ToldFacts>()
  for (const [personId, mixed] of sides)
    told.set(personId, { newestAt: facts.get(personId)?.newestAt ?? null, historic: false, mixed })
  return told
}

/**
 * Whether what a rule's conditions (and those of the rules it asks for) could see of her new facts is all historic: a page
 * view of today doesn't make orders of last year set something off. Of facts that the rule sees none of, all decide.
 */
export const createHistoricOf = (rules: readonly RuleVersion[]) => {
  const byKey = new Map(rules.map((rule) => [rule.ruleKey, rule]))
  const known = new Map<string, ReadonlySet<Seen>>()
  const seenBy = (rule: RuleVersion): ReadonlySet<Seen> => {
    const before = known.get(rule.ruleKey)
    if (before !== undefined) return before
    const seen = new Set<Seen>()
    known.set(rule.ruleKey, seen)
    for (const leaf of leavesOf(rule.definition)) {
      for (const name of eventNamesOf(leaf)) seen.add(`event ${name}`)
      if ((operatorOf(leaf).asks(leaf).traits ?? []).length > 0) seen.add('traits')
    }
    for (const ruleKey of referencesOf(rule.definition)) {
      const other = byKey.get(ruleKey)
      if (other !== undefined) for (const each of seenBy(other)) seen.add(each)
    }
    return seen
  }
  return (rule: RuleVersion, told: ToldFacts | undefined): boolean => {
    if (told === undefined) return false
    if (told.mixed === null) return told.historic
    const seen = seenBy(rule)
    return !seen.isDisjointFrom(told.mixed.historic) && seen.isDisjointFrom(told.mixed.live)
  }
}
