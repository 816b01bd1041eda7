import {
  checkLease,
  commitPosition,
  type Pace,
  readPosition,
  restAfter,
  type Stage,
  type Turn,
  type TurnOutcome,
} from '../jobs/index.ts'
import { crashPoint, type Instant, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import { peopleStageName } from '../people/index.ts'
import { createFactsMemory, defaultFactsBytes, type FactsMemory } from './facts-memory.ts'
import { findWork, orEnd, type Standing, type Work } from './find-work.ts'
import type { KeysOf } from './key-sets.ts'
import { type LookedAtWork, lookAtWork } from './look-at-work.ts'
import { decodeMasks, encodeMasks } from './mask.ts'
import type { MaskChange } from './mask-consumer.ts'
import { findNextDue, insertMasks, readMasks } from './mask-sql.ts'
import { createNextDueMemory, type NextDueMemory, nextDueAfter } from './next-due.ts'
import { type Ahead, readSomeAhead } from './read-ahead.ts'
import { swapVersions } from './recount.ts'
import { refillMasks } from './refill-masks.ts'
import { loadRules } from './rule-store.ts'
import { type RuleVersion, revisionOf } from './rule-versions.ts'
import { createRulesMemory, type RulesInForce, type RulesMemory } from './rules-memory.ts'
import { createSlicesBeside, type SlicesBeside } from './slices-beside.ts'
import { decideChanges, type TickChanges } from './tick-changes.ts'
import { OvertakenError, type SegmentsStageDeps, tellConsumers } from './tick-deps.ts'
import { clearMasks, insertChanges, readTick, sealTick, type TickState } from './tick-store.ts'
import type { WorkspaceFacts } from './workspace-facts.ts'

export const segmentsStageName = 'segments'

/** A tick costs transactions and a durable write however few people it is about. */
const pace: Pace = { leastCycleMs: 200, mostRestMs: 250 }
/** Of a tick that can't keep up, the share of its time that goes into reading ahead after it. */
const aheadShare = 0.5

/**
 * The tick: who changed? Each turn takes the people with new facts, those for whom a window closed, and, while rules
 * are being counted, a slice of everybody; looks at all of them by all rules, by what it remembers of them or by what
 * ClickHouse says; and writes who came in and who left.
 *
 * A tick is *sealed* in PostgreSQL (its changes, new masks and positions, in one transaction), *written* to ClickHouse
 * (again after a stop in between, which changes nothing), and *applied* (the stage's positions move). Readers of
 * masks wait for the position, readers of changes for the seal.
 */
export const createSegmentsStage = (deps: SegmentsStageDeps): Stage => {
  const memory: Memory = {
    withMasks: new Set(),
    nextDue: createNextDueMemory(),
    slices: createSlicesBeside(),
    rules: createRulesMemory(),
    facts: createFactsMemory(deps.factsBytes ?? defaultFactsBytes()),
  }
  return {
    name: segmentsStageName,
    lanes: ['live'],
    after: ['projection'],
    turn: async (turn) => {
      const began = performance.now()
      const { ahead, isFull, ...outcome } = await takeTurn(deps, turn, memory)
      const tickMs = performance.now() - began
      const readOn = async () =>
        ahead === null || (await readSomeAhead(deps, memory.facts.hasRoom, turn.workspaceId, ahead))
      let isAllRead = await readOn()
      // Where a tick can't keep up, remembering people is what makes the next ones quicker; else new facts go first.
      while (isFull && !isAllRead && !turn.signal.aborted && performance.now() - began - tickMs < tickMs * aheadShare)
        isAllRead = await readOn()
      memory.facts.shrink(turn.workspaceId)
      // Reading ahead is what a rest is for; a tick that left facts behind takes none.
      const wantedMs = isFull ? 0 : restAfter({ handled: outcome.handled, tookMs: tickMs }, pace)
      const restMs = Math.round(wantedMs - (performance.now() - began - tickMs))
      return {
        ...outcome,
        more: outcome.more || !isAllRead,
        ...(outcome.handled > 0 && restMs > 0 ? { restMs } : {}),
      }
    },
  }
}

/** What this process has seen. */
interface Memory {
  /** Workspaces whose masks were seen to be there. */
  readonly withMasks: Set<WorkspaceId>
  readonly nextDue: NextDueMemory
  readonly slices: SlicesBeside
  readonly rules: RulesMemory
  readonly facts: FactsMemory
}

const takeTurn = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  memory: Memory,
): Promise<TurnOutcome & { readonly ahead: Ahead | null; readonly isFull?: boolean }> => {
  const { postgres } = deps
  const { workspaceId } = turn
  const projected = await deps.people.projected(workspaceId)
  const { state, rules } = await postgres.inWorkspace(workspaceId, async (tx) => ({
    state: await readTick(tx, workspaceId),
    rules: await loadRules(tx, workspaceId),
  }))
  await applyTick(deps, turn, state)
  if (!memory.withMasks.has(workspaceId)) {
    if ((await refillMasks(deps, workspaceId, { state, rules, projected })) === 'waiting')
      return { handled: 0, more: false, ahead: null }
    memory.withMasks.add(workspaceId)
  }
  const rulesInForce = memory.rules.of(workspaceId, rules)
  const facts = memory.facts.of(workspaceId, {
    tick: state.number,
    leaseToken: turn.lease.token,
    layout: rulesInForce.atHand.layout,
  })
  if (state.recount?.phase === 'swapping') {
    const { tick, ...outcome } = await swapVersions(deps, turn, state, rules)
    facts.passed(tick, [])
    return { ...outcome, ahead: null }
  }
  const nextDue = memory.nextDue.of(workspaceId, state.number)
  const beside = memory.slices.of(workspaceId, { tick: state.number, revision: revisionOf(rules) })
  const isBusy = memory.slices.isBusy(workspaceId)
  const standing = { state, rules, projected, nextDue, begunSlice: beside?.slice ?? null, isBusy }
  const work = await findWork(deps, turn, standing)
  if (work !== null) {
    const outcome = await runTick(deps, turn, { ...standing, work }, memory, { rulesInForce, facts })
    // A recount is waited for, reading ahead is not.
    return { ...outcome, ahead: work.recount === null ? { facts, projected } : null, isFull: work.isFull }
  }
  const due =
    standing.nextDue === undefined
      ? await findNextDue(deps.clickhouse, workspaceId, Math.max(turn.now, state.now))
      : standing.nextDue
  memory.nextDue.keep(workspaceId, state.number, due)
  const ahead = facts.isWanted ? { facts, projected } : null
  return { handled: 0, more: false, dueAt: await orEnd(deps, workspaceId, due), ahead }
}

const runTick = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  tick: Standing & { readonly work: Work },
  memory: Memory,
  { rulesInForce, facts }: { readonly rulesInForce: RulesInForce; readonly facts: WorkspaceFacts },
): Promise<TurnOutcome> => {
  const { state, rules, work } = tick
  const { workspaceId } = turn
  const number = state.number + 1
  if (work.batches.length > 0) memory.slices.sawFacts(workspaceId)
  facts.tell(work.batches, work)
  const lenses = { slices: memory.slices, memory: facts, rules: rulesInForce }
  const looked = await lookAtWork(deps, lenses, workspaceId, tick)
  if (looked === null) return { handled: 0, more: true }
  const { differences, leafConditions } = looked
  const { members, keysOf } = rulesInForce
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
    number,
    now: work.now,
    dueThrough: work.dueThrough,
    live: work.live,
    bulk: work.bulk,
    handled: work.persons.size,
    masks: encodeMasks(changes.masks),
    recount: recountAfter(work, looked),
  }
  await sealChanges(deps, turn, { from: state, sealed, rules, changes })
  crashPoint('segments.tick-sealed')
  await applyTick(deps, turn, sealed)
  memory.slices.passed(workspaceId, { tick: number, sliced: looked.sliced })
  facts.passed(number, changes.masks)
  if (looked.sliced || looked.everybody) facts.lookedAhead(await peoplePositions(deps, workspaceId))
  const handled = Math.max(1, work.persons.size)
  const known = nextDueAfter(tick.nextDue, work.now, changes.masks)
  if (known !== undefined) memory.nextDue.keep(workspaceId, number, known)
  if (work.more) return { handled, more: true }
  const due = known === undefined ? await findNextDue(deps.clickhouse, workspaceId, work.now) : known
  memory.nextDue.keep(workspaceId, number, due)
  return { handled, more: false, dueAt: await orEnd(deps, workspaceId, due) }
}

/** Rows of persons may be in ClickHouse as soon as the people stage has handled what made them, before they are projected. */
const peoplePositions = ({ postgres }: SegmentsStageDeps, workspaceId: WorkspaceId) =>
  postgres.askGlobal(async (db) => ({
    live: await readPosition(db, workspaceId, peopleStageName, 'live'),
    bulk: await readPosition(db, workspaceId, peopleStageName, 'bulk'),
  }))

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
  const facts = new Map<PersonId, { newestAt: Instant | null; historic: boolean }>()
  const merged = new Set<PersonId>()
  if (differences.length === 0) return { facts, merged }
  const gone = differences.filter(({ present }) => !present).map(({ personId }) => String(personId) as SubjectId)
  for (const { changedPersons } of work.batches)
    for (const personId of changedPersons) facts.set(personId, { newestAt: null, historic: false })
  for (const { events, personOf } of work.batches)
    for (const { subjectId, occurredAt, historic } of events) {
      const personId = personOf.get(subjectId)
      if (personId === undefined) continue
      const known = facts.get(personId)
      facts.set(personId, {
        newestAt: Math.max(known?.newestAt ?? 0, occurredAt),
        historic: historic && (known === undefined || known.newestAt === null || known.historic),
      })
    }
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
  turn: Turn,
  tick: { from: TickState; sealed: TickState; rules: readonly RuleVersion[]; changes: TickChanges },
): Promise<void> => {
  const { workspaceId } = turn
  const { from, sealed, changes } = tick
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await checkLease(tx, turn)
    if (revisionOf(await loadRules(tx, workspaceId, { lock: true })) !== revisionOf(tick.rules))
      throw new OvertakenError()
    if (!(await sealTick(tx, workspaceId, from.number, sealed))) throw new OvertakenError()
    const facts = { tick: sealed.number, position: sealed.live, knownAt: sealed.now }
    await insertChanges(tx, workspaceId, facts, changes.memberships)
    const masks = { workspaceId, tick: sealed.number, knownAt: sealed.now, changes: changes.people }
    await tellConsumers(deps, tx, masks)
  })
}

/** Brings a sealed tick to ClickHouse and moves the positions; does nothing when that is done. */
const applyTick = async (deps: SegmentsStageDeps, turn: Turn, state: TickState): Promise<void> => {
  if (state.masks === null) return
  const { workspaceId } = turn
  await insertMasks(deps.clickhouse, workspaceId, state.number, decodeMasks(state.masks))
  crashPoint('segments.masks-written')
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    await clearMasks(tx, workspaceId, state.number)
    for (const lane of ['live', 'bulk'] as const) {
      const from = await readPosition(tx, workspaceId, segmentsStageName, lane)
      const to = state[lane]
      const handled = lane === 'live' ? state.handled : 0
      if (lane === 'live' || to > from)
        await commitPosition(tx, { ...turn, lane }, { stage: segmentsStageName, from, to, handled, at: turn.now })
    }
  })
}
