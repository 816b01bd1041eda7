import type { ChangeCause, Json, LeafCondition } from '@baton/contract'
import type { Instant, PersonId, Position } from '../kernel/index.ts'
import { hasSlot, type MaskRow, type Words } from './mask.ts'
import type { MaskChange } from './mask-consumer.ts'
import type { MaskDifference } from './mask-sql.ts'
import { isLeaf, nodesOf } from './rule-tree.ts'
import type { RuleVersion } from './rule-versions.ts'
import type { MembershipChange } from './tick-store.ts'

/** What a tick knows beside the masks. */
export interface TickContext {
  readonly tick: number
  readonly now: Instant
  readonly position: Position
  /** Versions whose bits are members now: live and retiring ones. */
  readonly members: readonly RuleVersion[]
  readonly leafConditions: readonly object[]
  /** People of this tick's new facts, with the time of their newest one and whether all of them are historic. */
  readonly facts: ReadonlyMap<PersonId, { readonly newestAt: Instant | null; readonly historic: boolean }>
  /** People into whom another was merged. */
  readonly merged: ReadonlySet<PersonId>
}

export interface TickChanges {
  readonly masks: readonly MaskRow[]
  readonly memberships: readonly Omit<MembershipChange, 'seq'>[]
  readonly people: readonly MaskChange[]
}

/** Decides what to write from the differences ClickHouse found. Pure. */
export const decideChanges = (differences: readonly MaskDifference[], context: TickContext): TickChanges => {
  const leafIndex = new Map(context.leafConditions.map((leaf, index) => [JSON.stringify(leaf), index]))
  const memberships: Omit<MembershipChange, 'seq'>[] = []
  const people: MaskChange[] = []
  for (const difference of differences) {
    const changed = context.members.filter(
      ({ slot }) => holdsNow(difference, slot) !== (difference.known && hasSlot(difference.oldWords, slot)),
    )
    const appears = difference.present !== difference.known
    if (changed.length === 0 && !appears) continue
    const cause = causeOf(difference, context)
    const at = timeOf(difference, cause, context)
    const historic: { [key: string]: Json } =
      context.facts.get(difference.personId)?.historic === true ? { historic: true } : {}
    for (const rule of changed)
      memberships.push({
        tick: context.tick,
        position: context.position,
        ruleKey: rule.ruleKey,
        version: rule.version,
        personId: difference.personId,
        entered: holdsNow(difference, rule.slot),
        at,
        knownAt: context.now,
        cause,
        evidence: { ...evidenceOf(rule, difference.leaves, leafIndex), ...historic },
      })
    people.push({
      personId: difference.personId,
      before: difference.known ? keysOf(context.members, difference.oldWords) : null,
      after: difference.present ? keysOf(context.members, difference.words) : null,
      at,
      cause,
      evidence: historic,
    })
  }
  return { masks: differences.map(maskRow), memberships, people }
}

export const keysOf = (rules: readonly RuleVersion[], words: Words): ReadonlySet<string> =>
  new Set(rules.filter(({ slot }) => hasSlot(words, slot)).map(({ ruleKey }) => ruleKey))

const holdsNow = (difference: MaskDifference, slot: number): boolean =>
  difference.present && hasSlot(difference.words, slot)

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

/** Which of the rule's own conditions hold and which do not, by their paths. */
const evidenceOf = (
  rule: RuleVersion,
  leaves: Words,
  leafIndex: ReadonlyMap<string, number>,
): { [side: string]: Json } => {
  const held: string[] = []
  const failed: string[] = []
  for (const { path, rule: node } of nodesOf(rule.definition)) {
    if (!isLeaf(node)) continue
    const index = leafIndex.get(JSON.stringify(node satisfies LeafCondition))
    if (index !== undefined) (hasSlot(leaves, index) ? held : failed).push(path)
  }
  return { held, failed }
}
