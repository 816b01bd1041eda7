import { checkLease, type Turn, type TurnOutcome } from '../jobs/index.ts'
import { crashPoint, type PersonId } from '../kernel/index.ts'
import { createChangeColumns } from './change-columns.ts'
import { createKeySets } from './key-sets.ts'
import { hasSlot } from './mask.ts'
import type { MaskChange } from './mask-consumer.ts'
import { pageOfSwapped } from './mask-sql.ts'
import { loadRules, setStates } from './rule-store.ts'
import { type RuleVersion, revisionOf } from './rule-versions.ts'
import { OvertakenError, type SegmentsStageDeps, tellConsumers } from './tick-deps.ts'
import { insertChanges, type Recount, sealTick, type TickState } from './tick-store.ts'

/** People whose changes go into one transaction, so that it ends well within a second. */
const defaultSwapPage = 10_000

/** What to recompute for rules that are new, changed or retiring; null when all are live. */
export const beginRecount = (rules: readonly RuleVersion[]): Recount | null => {
  const moving = rules.filter(({ state }) => state !== 'live')
  if (moving.length === 0) return null
  const counting = moving.filter(({ state }) => state === 'counting')
  return {
    phase: counting.length > 0 ? 'counting' : 'swapping',
    cursor: null,
    versions: counting.map(({ ruleKey, version }) => ({ ruleKey, version })),
  }
}

/**
 * Everybody is counted: the new versions take the place of the old ones. Members who differ are written page by page
 * under the number of the next tick, which readers do not see before the last page makes the versions live; from the
 * first page to the last nobody may change rules (`isHalfSwapped`). Answers with the tick at which the workspace stands
 * then, too.
 */
export const swapVersions = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  state: TickState,
  rules: readonly RuleVersion[],
): Promise<TurnOutcome & { readonly tick: number }> => {
  const { workspaceId } = turn
  const recount = state.recount
  if (recount === null) return { handled: 0, more: true, tick: state.number }
  const now = Math.max(turn.now, state.now)
  const tick = state.number + 1
  const pageSize = deps.swapPage ?? defaultSwapPage
  const swap = planSwap(rules, recount)
  const people =
    swap.pairs.length === 0
      ? []
      : await pageOfSwapped(
          deps.clickhouse,
          workspaceId,
          swap.pairs.map(({ old, next }) => ({ oldSlot: old?.slot ?? null, newSlot: next?.slot ?? null })),
          { after: recount.cursor, limit: pageSize },
        )
  const memberships = createChangeColumns()
  const changes: MaskChange[] = []
  const keysBefore = createKeySets(swap.before)
  const keysAfter = createKeySets(swap.after)
  for (const { personId, words } of people) {
    for (const { old, next } of swap.pairs) {
      const entered = next !== null && hasSlot(words, next.slot)
      const version = next ?? old
      if (version === null || entered === (old !== null && hasSlot(words, old.slot))) continue
      memberships.add(personId, now, `${version.slot} ${entered}`, () => ({
        ruleKey: version.ruleKey,
        version: version.version,
        entered,
        cause: 'rule-changed',
        evidence: { from: old?.version ?? null, to: next?.version ?? null },
      }))
    }
    changes.push({
      personId,
      before: keysBefore(words),
      after: keysAfter(words),
      at: now,
      cause: 'rule-changed',
      evidence: {},
    })
  }
  const isLast = people.length < pageSize
  const cursor: PersonId | null = people.at(-1)?.personId ?? recount.cursor
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    if (revisionOf(await loadRules(tx, workspaceId, { lock: true })) !== revisionOf(rules)) throw new OvertakenError()
    const to = isLast
      ? { ...state, number: tick, now, masks: null, recount: null }
      : { ...state, masks: null, recount: { ...recount, cursor } }
    if (!(await sealTick(tx, workspaceId, state.number, to))) throw new OvertakenError()
    await insertChanges(tx, workspaceId, { tick, position: state.live, knownAt: now }, memberships)
    await tellConsumers(deps, tx, { workspaceId, tick, knownAt: now, changes })
    if (!isLast) return
    const replaced = swap.pairs.flatMap(({ old }) => (old === null ? [] : [old]))
    await setStates(tx, workspaceId, now, 'retired', replaced)
    await setStates(
      tx,
      workspaceId,
      now,
      'live',
      swap.pairs.flatMap(({ next }) => (next === null ? [] : [next])),
    )
  })
  crashPoint('segments.versions-swapped')
  // The versions are live, and asked for, where nobody differs, too.
  return { handled: Math.max(1, people.length), more: true, tick: isLast ? tick : state.number }
}

/** Some pages of a swap are written and the last is not: what they tell holds only if it ends as it began. */
export const isHalfSwapped = ({ recount }: Pick<TickState, 'recount'>): boolean =>
  recount !== null && recount.phase === 'swapping' && recount.cursor !== null

interface Swap {
  readonly pairs: readonly { readonly old: RuleVersion | null; readonly next: RuleVersion | null }[]
  readonly before: readonly RuleVersion[]
  readonly after: readonly RuleVersion[]
}

/** Which version takes whose place. A version that was itself replaced while everybody was counted waits for the next. */
const planSwap = (rules: readonly RuleVersion[], recount: Recount): Swap => {
  const counted = rules.filter(
    (rule) =>
      rule.state === 'counting' &&
      recount.versions.some(({ ruleKey, version }) => ruleKey === rule.ruleKey && version === rule.version),
  )
  const before = rules.filter(({ state }) => state !== 'counting')
  const swapped = counted.map((next) => ({ old: before.find(({ ruleKey }) => ruleKey === next.ruleKey) ?? null, next }))
  const retiring = before
    .filter(({ state, ruleKey }) => state === 'retiring' && !counted.some((next) => next.ruleKey === ruleKey))
    .map((old) => ({ old, next: null }))
  const gone = new Set([...swapped, ...retiring].map(({ old }) => old))
  return {
    pairs: [...swapped, ...retiring],
    before,
    after: [...before.filter((rule) => !gone.has(rule)), ...counted],
  }
}
