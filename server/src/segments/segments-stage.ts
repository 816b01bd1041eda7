import {
  commitPosition,
  type LeaseGrant,
  type Pace,
  readPosition,
  restAfter,
  type Stage,
  type Turn,
  type TurnOutcome,
} from '../jobs/index.ts'
import { crashPoint, type WorkspaceId } from '../kernel/index.ts'
import { createFactsMemory, defaultFactsBytes, type FactsMemory } from './facts-memory.ts'
import { findWork, orEnd, type Standing, type Work } from './find-work.ts'
import { decodeMasks } from './mask.ts'
import { findNextDue, insertMasks } from './mask-sql.ts'
import { createNextDueMemory, type NextDueMemory, nextDueAfter } from './next-due.ts'
import { peoplePositions } from './people-positions.ts'
import { type Ahead, readSomeAhead } from './read-ahead.ts'
import { swapVersions } from './recount.ts'
import { refillMasks } from './refill-masks.ts'
import { loadRules } from './rule-store.ts'
import { revisionOf } from './rule-versions.ts'
import { createRulesMemory, type RulesInForce, type RulesMemory } from './rules-memory.ts'
import { sealWhatGoes } from './seal-tick.ts'
import { createSlicesBeside, type SlicesBeside } from './slices-beside.ts'
import { segmentsStageName } from './stage-name.ts'
import type { SegmentsStageDeps } from './tick-deps.ts'
import { clearMasks, readTick, type TickState } from './tick-store.ts'
import type { WorkspaceFacts } from './workspace-facts.ts'

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
    whole: new Map(),
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
      const { ahead, isFull, ...outcome } = await takeTurn(deps, turn, memory).catch((error: unknown) => {
        // ClickHouse may have been lost, and be another one when it answers again.
        memory.whole.delete(turn.workspaceId)
        throw error
      })
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
  /** Workspaces of which ClickHouse was seen to hold everything, under which lease: a rebuild takes the leases. */
  readonly whole: Map<WorkspaceId, LeaseGrant['token']>
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
  // Of a turn that failed, or whose worker is no more: nobody has heard of it yet.
  const applied = (await applyTick(deps, turn, state)) ? 1 : 0
  if (memory.whole.get(workspaceId) !== turn.lease.token) {
    if ((await refillMasks(deps, workspaceId, { state, rules, projected })) === 'waiting')
      return { handled: applied, more: false, ahead: null }
    memory.whole.set(workspaceId, turn.lease.token)
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
    const handled = Math.max(outcome.handled, applied)
    // A recount is waited for, reading ahead is not.
    return { ...outcome, handled, ahead: work.recount === null ? { facts, projected } : null, isFull: work.isFull }
  }
  const due =
    standing.nextDue === undefined
      ? await findNextDue(deps.clickhouse, workspaceId, Math.max(turn.now, state.now))
      : standing.nextDue
  memory.nextDue.keep(workspaceId, state.number, due)
  const ahead = facts.isWanted ? { facts, projected } : null
  return { handled: applied, more: false, dueAt: await orEnd(deps, workspaceId, due), ahead }
}

const runTick = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  tick: Standing & { readonly work: Work },
  memory: Memory,
  { rulesInForce, facts }: { readonly rulesInForce: RulesInForce; readonly facts: WorkspaceFacts },
): Promise<TurnOutcome> => {
  const { work } = tick
  const { workspaceId } = turn
  const number = tick.state.number + 1
  if (work.batches.length > 0) memory.slices.sawFacts(workspaceId)
  facts.tell(work.batches, work)
  const lenses = { slices: memory.slices, memory: facts, rules: rulesInForce }
  const done = await sealWhatGoes(deps, turn, tick, lenses)
  if (done === null) return { handled: 0, more: true }
  const { looked, changes, sealed } = done
  crashPoint('segments.tick-sealed')
  await applyTick(deps, turn, sealed)
  memory.slices.passed(workspaceId, { tick: number, sliced: looked.sliced })
  facts.passed(number, changes.masks)
  if (looked.sliced || looked.everybody) facts.lookedAhead(await peoplePositions(deps.postgres, workspaceId))
  const handled = Math.max(1, work.persons.size)
  const known = nextDueAfter(work.nextDue === undefined ? tick.nextDue : work.nextDue, work.now, changes.masks)
  if (known !== undefined) memory.nextDue.keep(workspaceId, number, known)
  if (work.more) return { handled, more: true }
  const due = known === undefined ? await findNextDue(deps.clickhouse, workspaceId, work.now) : known
  memory.nextDue.keep(workspaceId, number, due)
  return { handled, more: false, dueAt: await orEnd(deps, workspaceId, due) }
}

/** Brings a sealed tick to ClickHouse and moves the positions; false where that was done before. */
const applyTick = async (deps: SegmentsStageDeps, turn: Turn, state: TickState): Promise<boolean> => {
  if (state.masks === null) return false
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
  return true
}
