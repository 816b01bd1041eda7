import { checkLease, findPoison, type Poison, quarantineItems, type Turn, tryOut } from '../jobs/index.ts'
import type { PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { Standing, Work } from './find-work.ts'
import { keepToTick } from './keep-to-tick.ts'
import type { KeysOf } from './key-sets.ts'
import { type Lenses, type LookedAtWork, lookAtWork } from './look-at-work.ts'
import { encodeMasks } from './mask.ts'
import type { MaskChange } from './mask-consumer.ts'
import { readMasks } from './mask-sql.ts'
import { loadRules } from './rule-store.ts'
import { revisionOf } from './rule-versions.ts'
import type { RulesInForce } from './rules-memory.ts'
import { segmentsStageName } from './stage-name.ts'
import { decideChanges, type TickChanges } from './tick-changes.ts'
import { OvertakenError, type SegmentsStageDeps, tellConsumers } from './tick-deps.ts'
import { insertChanges, sealTick, type TickState } from './tick-store.ts'
import { toldFacts } from './told-facts.ts'

/** All that one tick is about, as things stand. */
export type Tick = Standing & { readonly work: Work }
type TickLenses = Lenses & { readonly rules: RulesInForce }

export interface SealedTick {
  readonly looked: LookedAtWork
  readonly changes: TickChanges
  readonly sealed: TickState
}

/**
 * Looks, decides and seals. Somebody whose facts or changes can't be dealt with keeps the segments she was in, and
 * everybody else's tick goes on. Null: nothing but a slice is under way.
 */
export const sealWhatGoes = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  tick: Tick,
  lenses: TickLenses,
): Promise<SealedTick | null> => {
  const { workspaceId } = turn
  const commit = async (of: Tick, aside: readonly Poison<PersonId>[]): Promise<SealedTick | null> => {
    const decided = await lookAndDecide(deps, turn, of, lenses)
    if (decided !== null)
      await deps.postgres.inWorkspace(workspaceId, (tx) => sealChanges(deps, tx, turn, of, decided, aside))
    return decided
  }
  try {
    return await commit(tick, [])
  } catch (error) {
    const everybody = [...tick.work.persons]
    const poison = await findPoison(everybody, error, async (some) => {
      const of = { ...tick, work: { ...tick.work, persons: new Set(some), slice: null } }
      const decided = await lookAndDecide(deps, turn, of, lenses)
      if (decided !== null)
        await tryOut(deps.postgres, workspaceId, (tx) => sealChanges(deps, tx, turn, of, decided, []))
    })
    const refused = new Set(poison.map(({ item }) => item))
    const persons = new Set(everybody.filter((personId) => !refused.has(personId)))
    return commit({ ...tick, work: { ...tick.work, persons } }, poison)
  }
}

const lookAndDecide = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  tick: Tick,
  lenses: TickLenses,
): Promise<SealedTick | null> => {
  const { state, work } = tick
  const { workspaceId } = turn
  const looked = await lookAtWork(deps, lenses, workspaceId, tick)
  if (looked === null) return null
  const { leafConditions } = looked
  const { members, keysOf } = lenses.rules
  const differences = keepToTick(looked.differences, work.persons, members)
  const decided = decideChanges(differences, {
    now: work.now,
    members,
    keysOf,
    leafConditions,
    ...(await describeFacts(deps, workspaceId, work, differences)),
  })
  const changes = {
    ...decided,
    people: [...decided.people, ...(await tellEnded(deps, workspaceId, work, keysOf, decided))],
  }
  const sealed: TickState = {
    number: state.number + 1,
    now: work.now,
    dueThrough: work.dueThrough,
    live: work.live,
    bulk: work.bulk,
    handled: work.persons.size,
    masks: encodeMasks(changes.masks),
    recount: recountAfter(work, looked),
  }
  return { looked, changes, sealed }
}

/** Where a recount stands after a tick. */
const recountAfter = ({ recount, slice }: Work, { sliced }: LookedAtWork): TickState['recount'] => {
  if (recount === null || slice === null || !sliced) return recount
  return slice.upTo === null ? { ...recount, phase: 'swapping', cursor: null } : { ...recount, cursor: slice.upTo }
}

/** For whoever has a difference: her newest fact of this tick, and whether somebody was merged into her. */
const describeFacts = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  work: Work,
  differences: readonly { personId: PersonId; present: boolean }[],
) => {
  const merged = new Set<PersonId>()
  if (differences.length === 0) return { facts: toldFacts([]), merged }
  const gone = differences.filter(({ present }) => !present).map(({ personId }) => String(personId) as SubjectId)
  const facts = toldFacts(work.batches)
  const winners = await deps.people.personsOf(workspaceId, gone)
  for (const loser of gone) {
    const winner = winners.get(loser)
    if (winner !== undefined) merged.add(winner)
  }
  return { facts, merged }
}

/** People for whom something ended and no rule changed: told with the rules that hold. */
const tellEnded = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  work: Work,
  keysOf: KeysOf,
  decided: TickChanges,
): Promise<readonly MaskChange[]> => {
  const told = new Set(decided.people.map(({ personId }) => personId))
  const left = work.ended.filter((personId) => !told.has(personId))
  const masks = await readMasks(deps.clickhouse, workspaceId, { kind: 'persons', persons: left })
  return left.flatMap((personId) => {
    const words = masks.get(personId)?.words
    if (words === undefined) return []
    const keys = keysOf(words)
    return [{ personId, before: keys, after: keys, at: work.now, cause: 'time' as const, evidence: {} }]
  })
}

/** Seals a tick: its changes, masks and positions in one transaction. Rules that changed meanwhile make it begin anew. */
const sealChanges = async (
  deps: SegmentsStageDeps,
  tx: Tx,
  turn: Turn,
  { state: from, rules }: Tick,
  { sealed, changes }: SealedTick,
  aside: readonly Poison<PersonId>[],
): Promise<void> => {
  const { workspaceId } = turn
  await checkLease(tx, turn)
  if (revisionOf(await loadRules(tx, workspaceId, { lock: true })) !== revisionOf(rules)) throw new OvertakenError()
  if (!(await sealTick(tx, workspaceId, from.number, sealed))) throw new OvertakenError()
  const facts = { tick: sealed.number, position: sealed.live, knownAt: sealed.now }
  await insertChanges(tx, workspaceId, facts, changes.memberships)
  const masks = { workspaceId, tick: sealed.number, knownAt: sealed.now, changes: changes.people }
  await tellConsumers(deps, tx, masks)
  const persons = aside.map(({ item, reason }) => ({ kind: 'person' as const, item, reason }))
  await quarantineItems(tx, turn, { stage: segmentsStageName, position: sealed.live }, persons)
}
