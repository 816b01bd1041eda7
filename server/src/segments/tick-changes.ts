import type { ChangeCause, Json, LeafCondition } from '@baton/contract'
import type { Instant, PersonId } from '../kernel/index.ts'
import { type ChangeColumns, createChangeColumns } from './change-columns.ts'
import type { KeysOf } from './key-sets.ts'
import { changedSlots, hasSlot, type MaskRow, type Words } from './mask.ts'
import type { MaskChange } from './mask-consumer.ts'
import type { MaskDifference } from './mask-sql.ts'
import { isLeaf, nodesOf } from './rule-tree.ts'
import type { RuleVersion } from './rule-versions.ts'
import { createHistoricOf, type ToldFacts } from './told-facts.ts'

/** What a tick knows beside the masks. */
export interface TickContext {
  readonly now: Instant
  /** Versions whose bits are members now: live and retiring ones. */
  readonly members: readonly RuleVersion[]
  readonly keysOf: KeysOf
  readonly leafConditions: readonly object[]
  /** People of this tick's new facts, with what these say. */
  readonly facts: ReadonlyMap<PersonId, ToldFacts>
  /** People into whom another was merged. */
  readonly merged: ReadonlySet<PersonId>
}

export interface TickChanges {
  readonly masks: readonly MaskRow[]
  readonly memberships: ChangeColumns
  readonly people: readonly MaskChange[]
}

/** Decides what to write from the differences ClickHouse found. Pure. */
export const decideChanges = (differences: readonly MaskDifference[], context: TickContext): TickChanges => {
  const { keysOf } = context
  const ruleOf = new Map(context.members.map((rule) => [rule.slot, rule]))
  const evidence = createEvidence(context)
  const historicOf = createHistoricOf(context.members)
  const memberships = createChangeColumns()
  const people: MaskChange[] = []
  for (const difference of differences) {
    const { personId, present, known, leaves } = difference
    const words = present ? difference.words : noWords
    const oldWords = known ? difference.oldWords : noWords
    const changed = changedSlots(oldWords, words).flatMap((slot) => ruleOf.get(slot) ?? [])
    if (changed.length === 0 && present === known) continue
    const cause = causeOf(difference, context)
    const at = timeOf(difference, cause, context)
    const told = context.facts.get(personId)
    let isAllHistoric = changed.length > 0 || told?.historic === true
    for (const rule of changed) {
      const entered = hasSlot(words, rule.slot)
      const { key, sides } = evidence(rule, leaves)
      const isHistoric = historicOf(rule, told)
      isAllHistoric &&= isHistoric
      memberships.add(personId, at, `${rule.slot} ${entered} ${cause} ${isHistoric} ${key}`, () => ({
        ruleKey: rule.ruleKey,
        version: rule.version,
        entered,
        cause,
        evidence: { ...sides(), ...historicEvidence(isHistoric) },
      }))
    }
    people.push({
      personId,
      before: known ? keysOf(oldWords) : null,
      after: present ? keysOf(words) : null,
      at,
      cause,
      evidence: historicEvidence(isAllHistoric),
    })
  }
  return { masks: differences.map(maskRow), memberships, people }
}

const noWords: Words = []

const historicEvidence = (isHistoric: boolean): { [key: string]: Json } => (isHistoric ? { historic: true } : {})

const maskRow = (difference: MaskDifference): MaskRow => ({
  personId: difference.personId,
  words: difference.present ? difference.words : [],
  nextChangeAt: difference.present ? difference.nextChangeAt : 9_000_000_000_000_000,
  gone: !difference.present,
})

const causeOf = (difference: MaskDifference, context: TickContext): ChangeCause => {
  if (!difference.present || context.merged.has(difference.personId)) return 'merged'
  return context.facts.has(difference.personId) ? 'behaviour' : 'time'
}

/** By her newest fact, or by the window's edge that was passed; else by the tick. */
const timeOf = (difference: MaskDifference, cause: ChangeCause, { now, facts }: TickContext): Instant => {
  if (cause === 'behaviour') return Math.min(now, facts.get(difference.personId)?.newestAt ?? now)
  const edge = difference.oldNextChangeAt
  return cause === 'time' && difference.known && edge > 0 && edge <= now ? edge : now
}

/** Which of a rule's own conditions hold and which do not, by their paths; and a short text, equal for equal answers. */
const createEvidence = ({ members, leafConditions }: TickContext) => {
  const leafIndex = new Map(leafConditions.map((leaf, index) => [JSON.stringify(leaf), index]))
  const placesOf = new Map(
    members.map((rule) => [
      rule,
      nodesOf(rule.definition).flatMap(({ path, rule: node }) => {
        const index = isLeaf(node) ? leafIndex.get(JSON.stringify(node satisfies LeafCondition)) : undefined
        return index === undefined ? [] : [{ path, index }]
      }),
    ]),
  )
  return (rule: RuleVersion, leaves: Words) => {
    const places = placesOf.get(rule) ?? []
    let key = ''
    for (const { index } of places) key += hasSlot(leaves, index) ? '1' : '0'
    const on = (side: boolean) => places.filter(({ index }) => hasSlot(leaves, index) === side).map(({ path }) => path)
    return { key, sides: (): { [side: string]: Json } => ({ held: on(true), failed: on(false) }) }
  }
}
