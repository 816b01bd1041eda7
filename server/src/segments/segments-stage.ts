import { checkLease, commitPosition, readPosition, type Stage, type Turn, type TurnOutcome } from '../jobs/index.ts'
import {
  crashPoint,
  hourMs,
  type Instant,
  type PersonId,
  type Position,
  type SubjectId,
  type WorkspaceId,
} from '../kernel/index.ts'
import type { PeopleBatch, Projected } from '../people/index.ts'
import type { PeopleScope, RuleQuery, SlottedRule } from './compile-rules.ts'
import { findDifferencesInMemory, mostPeopleInMemory } from './find-differences-in-memory.ts'
import { createKeySets } from './key-sets.ts'
import { decodeMasks, encodeMasks } from './mask.ts'
import type { MaskChange } from './mask-consumer.ts'
import { countPeople, findDifferences, findDue, findNextDue, findSliceEnd, insertMasks, readMasks } from './mask-sql.ts'
import { beginRecount, swapVersions } from './recount.ts'
import { refillMasks } from './refill-masks.ts'
import { loadRules } from './rule-store.ts'
import { eventNamesOf, leavesOf } from './rule-tree.ts'
import { type RuleVersion, slottedRules } from './rule-versions.ts'
import { decideChanges, type TickChanges } from './tick-changes.ts'
import { OvertakenError, type SegmentsStageDeps, tellConsumers } from './tick-deps.ts'
import { clearMasks, insertChanges, readTick, sealTick, type TickState } from './tick-store.ts'

export const segmentsStageName = 'segments'

const mostEvents = 20_000
const mostDue = 20_000
const defaultSliceSize = 25_000

/**
 * A tick costs the same quarter of a second of a core for one person as for a thousand (the query is understood anew),
 * so under load it does not come again at once; and never so late that a change is known after more than a second.
 */
const restShare = 0.5
const mostRestMs = 250

/**
 * The tick: who changed? Each turn takes the people with new facts, those for whom a window closed, and, while rules
 * are being counted, a slice of everybody; asks ClickHouse once for all rules and all of them; and writes who came in
 * and who left.
 *
 * A tick is *sealed* in PostgreSQL (its changes, new masks and positions, in one transaction), *written* to ClickHouse
 * (again after a stop in between, which changes nothing), and *applied* (the stage's positions move). Readers of
 * masks wait for the position, readers of changes for the seal.
 */
export const createSegmentsStage = (deps: SegmentsStageDeps): Stage => {
  /** Workspaces whose masks were seen to be there since this process began. */
  const withMasks = new Set<WorkspaceId>()
  return {
    name: segmentsStageName,
    lanes: ['live'],
    after: ['projection'],
    turn: async (turn) => {
      const began = performance.now()
      const outcome = await takeTurn(deps, turn, withMasks)
      const tookMs = performance.now() - began
      return outcome.handled > 0
        ? { ...outcome, restMs: Math.min(mostRestMs, Math.round(tookMs * restShare)) }
        : outcome
    },
  }
}

const takeTurn = async (deps: SegmentsStageDeps, turn: Turn, withMasks: Set<WorkspaceId>): Promise<TurnOutcome> => {
  const { postgres } = deps
  const { workspaceId } = turn
  const projected = await deps.people.projected(workspaceId)
  const { state, rules } = await postgres.inWorkspace(workspaceId, async (tx) => ({
    state: await readTick(tx, workspaceId),
    rules: await loadRules(tx, workspaceId),
  }))
  await applyTick(deps, turn, state)
  if (!withMasks.has(workspaceId)) {
    if ((await refillMasks(deps, workspaceId, { state, rules, projected })) === 'waiting')
      return { handled: 0, more: false }
    withMasks.add(workspaceId)
  }
  if (state.recount?.phase === 'swapping') return swapVersions(deps, turn, state, rules)
  const work = await findWork(deps, turn, state, rules, projected)
  if (work === null) return { handled: 0, more: false, dueAt: await findNext(deps, workspaceId, state.now) }
  return runTick(deps, turn, { state, rules, projected, work })
}

/** What one tick is about. */
interface Work {
  readonly now: Instant
  readonly batches: readonly PeopleBatch[]
  readonly live: Position
  readonly bulk: Position
  readonly scopes: readonly PeopleScope[]
  readonly persons: ReadonlySet<PersonId>
  /** Those of them for whom something that a consumer keeps has ended. */
  readonly ended: readonly PersonId[]
  readonly recount: TickState['recount']
  readonly dueThrough: Instant
  readonly more: boolean
}

const findWork = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  state: TickState,
  rules: readonly RuleVersion[],
  projected: Projected,
): Promise<Work | null> => {
  const { workspaceId } = turn
  const live = await readLane(deps, workspaceId, 'live', state.live, projected.live, mostEvents)
  const until = live.batches.reduce((earliest, { receivedAt }) => Math.min(earliest, receivedAt), turn.now)
  const step = rules.length > 0 ? await findCatchUp(deps, workspaceId, state, until) : null
  if (step !== null) return catchUp(deps, workspaceId, state, step)
  // Bulk yields: it gets what live leaves over.
  const left = mostEvents - eventsIn(live.batches)
  const bulk =
    left <= 0
      ? { batches: [], to: state.bulk, more: projected.bulk > state.bulk }
      : await readLane(deps, workspaceId, 'bulk', state.bulk, projected.bulk, left)
  const batches = [...live.batches, ...bulk.batches]
  // Facts can't be from after the tick; and time never goes back, though clocks do.
  const now = batches.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), Math.max(turn.now, state.now))
  const isDue = rules.length > 0 && now > state.dueThrough
  const due = isDue
    ? await findDue(deps.clickhouse, workspaceId, { after: state.dueThrough, upTo: now, limit: mostDue })
    : []
  const recount = state.recount ?? beginRecount(rules)
  const ended = rules.length > 0 ? await findEnded(deps, workspaceId, now) : []
  const persons = new Set([...findConcerned(batches, rules), ...due, ...ended])
  if (
    batches.length === 0 &&
    persons.size === 0 &&
    recount === null &&
    live.to === state.live &&
    bulk.to === state.bulk
  )
    return null
  const scopes: PeopleScope[] = []
  if (rules.length > 0 && persons.size > 0) scopes.push({ kind: 'people', persons: [...persons] })
  let nextRecount = recount
  if (recount?.phase === 'counting') {
    const upTo = await findSliceEnd(deps.clickhouse, workspaceId, recount.cursor, deps.sliceSize ?? defaultSliceSize)
    scopes.push({ kind: 'range', after: recount.cursor, upTo })
    nextRecount = upTo === null ? { ...recount, phase: 'swapping', cursor: null } : { ...recount, cursor: upTo }
  }
  return {
    now,
    batches,
    live: live.to,
    bulk: bulk.to,
    scopes,
    persons,
    ended,
    recount: nextRecount,
    dueThrough: due.length < mostDue ? now : state.dueThrough,
    more: live.more || bulk.more || due.length >= mostDue || nextRecount !== null,
  }
}

/** Whom the rules may see otherwise now: who did something that a rule asks about, or is not who she was. */
const findConcerned = (batches: readonly PeopleBatch[], rules: readonly RuleVersion[]): ReadonlySet<PersonId> => {
  const asked = new Set(rules.flatMap(({ definition }) => leavesOf(definition).flatMap(eventNamesOf)))
  const concerned = new Set<PersonId>()
  for (const { events, personOf, reshapedPersons } of batches) {
    for (const personId of reshapedPersons) concerned.add(personId)
    for (const { name, subjectId } of events) {
      const personId = asked.has(name) ? personOf.get(subjectId) : undefined
      if (personId !== undefined) concerned.add(personId)
    }
  }
  return concerned
}

/**
 * After a stop, or when the clock was moved far, many edges of time have passed. They are taken an hour at a time, so that
 * what happened at one is not mistaken for what happened at another; null when there is nothing to catch up.
 */
const findCatchUp = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  state: TickState,
  until: Instant,
): Promise<Instant | null> => {
  if (until - state.now <= hourMs) return null
  const next = await findNext(deps, workspaceId, state.dueThrough)
  return next !== null && next + hourMs < until ? Math.max(state.now, next + hourMs) : null
}

/** A tick of time alone. */
const catchUp = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  state: TickState,
  now: Instant,
): Promise<Work> => {
  const due = await findDue(deps.clickhouse, workspaceId, { after: state.dueThrough, upTo: now, limit: mostDue })
  const ended = await findEnded(deps, workspaceId, now)
  const persons = new Set([...due, ...ended])
  return {
    now,
    batches: [],
    live: state.live,
    bulk: state.bulk,
    scopes: persons.size === 0 ? [] : [{ kind: 'people', persons: [...persons] }],
    persons,
    ended,
    recount: state.recount,
    dueThrough: due.length < mostDue ? now : state.dueThrough,
    more: true,
  }
}

const readLane = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  lane: 'live' | 'bulk',
  from: Position,
  upTo: Position,
  limit: number,
): Promise<{ batches: readonly PeopleBatch[]; to: Position; more: boolean }> => {
  if (upTo <= from) return { batches: [], to: from, more: false }
  const read = await deps.people.feed.after(workspaceId, lane, from, limit)
  const batches = read.filter(({ position }) => position <= upTo)
  const last = batches.at(-1)
  // Batches without events leave no trace in the feed: having read all there is, the projection's position is reached.
  const isAll = last === undefined ? read.length === 0 : last.position >= upTo
  const to = last?.position ?? (isAll ? upTo : from)
  return { batches, to, more: to < upTo }
}

const eventsIn = (batches: readonly PeopleBatch[]): number =>
  batches.reduce((sum, { events }) => sum + events.length, 0)

const runTick = async (
  deps: SegmentsStageDeps,
  turn: Turn,
  tick: { state: TickState; rules: readonly RuleVersion[]; projected: Projected; work: Work },
): Promise<TurnOutcome> => {
  const { state, rules, projected, work } = tick
  const { workspaceId } = turn
  const number = state.number + 1
  const slotted = slottedRules(rules)
  const asked = await Promise.all(
    work.scopes.map((scope) => lookAt(deps, slotted, { workspaceId, now: work.now, batch: projected.batch, scope })),
  )
  const leafConditions = asked[0]?.leafConditions ?? []
  // Somebody may be in a slice and have new facts: the same answer twice.
  const differences = [
    ...new Map(asked.flatMap((each) => each.differences).map((each) => [each.personId, each])).values(),
  ]
  const members = rules.filter((rule) => rule.state !== 'counting')
  const decided = decideChanges(differences, {
    now: work.now,
    members,
    leafConditions,
    ...(await describeFacts(deps, workspaceId, work, differences)),
  })
  const changes = {
    ...decided,
    people: [...decided.people, ...(await tellEnded(deps, workspaceId, work, members, decided))],
  }
  const sealed: TickState = {
    number,
    now: work.now,
    dueThrough: work.dueThrough,
    live: work.live,
    bulk: work.bulk,
    handled: work.persons.size,
    masks: encodeMasks(changes.masks),
    recount: work.recount,
  }
  await sealChanges(deps, turn, { from: state, sealed, rules, changes })
  crashPoint('segments.tick-sealed')
  await applyTick(deps, turn, sealed)
  const dueAt = work.more ? undefined : await findNext(deps, workspaceId, work.now)
  return { handled: Math.max(1, work.persons.size), more: work.more, ...(dueAt === undefined ? {} : { dueAt }) }
}

/**
 * A few people in memory, many by the one query; and everybody at once where one in twenty changed: looking for the events
 * of 46,000 out of a million took as long as reading all of them (6.6 s and 5.7).
 */
const lookAt = async (deps: SegmentsStageDeps, rules: readonly SlottedRule[], query: RuleQuery) => {
  const { scope, workspaceId } = query
  if (scope.kind !== 'people') return findDifferences(deps.clickhouse, rules, query)
  const { persons } = scope
  const few = persons.length <= mostPeopleInMemory
  const found = few ? await findDifferencesInMemory(deps.clickhouse, rules, { ...query, persons }) : null
  if (found !== null) return found
  const isGoodPart =
    persons.length > manyPeople && persons.length * 20 > (await countPeople(deps.clickhouse, workspaceId))
  return findDifferences(deps.clickhouse, rules, isGoodPart ? { ...query, scope: { kind: 'everybody' } } : query)
}
const manyPeople = 5_000

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
  const subjects = new Set([...work.batches.flatMap(({ events }) => events.map(({ subjectId }) => subjectId)), ...gone])
  const personOf = await deps.people.personsOf(workspaceId, [...subjects])
  for (const { changedPersons } of work.batches)
    for (const personId of changedPersons) facts.set(personId, { newestAt: null, historic: false })
  for (const { events } of work.batches)
    for (const { subjectId, occurredAt, historic } of events) {
      const personId = personOf.get(subjectId)
      if (personId === undefined) continue
      const known = facts.get(personId)
      facts.set(personId, {
        newestAt: Math.max(known?.newestAt ?? 0, occurredAt),
        historic: historic && (known === undefined || known.newestAt === null || known.historic),
      })
    }
  for (const loser of gone) {
    const winner = personOf.get(loser)
    if (winner !== undefined) merged.add(winner)
  }
  return { facts, merged }
}

const findEnded = async (deps: SegmentsStageDeps, workspaceId: WorkspaceId, now: Instant) => {
  const asked = deps.consumers.flatMap((consumer) => consumer.ended ?? [])
  if (asked.length === 0) return []
  return deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const ended: PersonId[] = []
    for (const ask of asked) ended.push(...(await ask(tx, workspaceId, now, mostDue)))
    return ended
  })
}

/** People for whom something ended and no rule changed: told with the rules that hold. */
const tellEnded = async (
  deps: SegmentsStageDeps,
  workspaceId: WorkspaceId,
  work: Work,
  members: readonly RuleVersion[],
  decided: TickChanges,
): Promise<readonly MaskChange[]> => {
  const told = new Set(decided.people.map(({ personId }) => personId))
  const left = work.ended.filter((personId) => !told.has(personId))
  const masks = await readMasks(deps.clickhouse, workspaceId, left)
  const keysOf = createKeySets(members)
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

const revisionOf = (rules: readonly RuleVersion[]): string =>
  rules.map(({ ruleKey, version, state, slot }) => `${ruleKey} ${version} ${state} ${slot}`).join('\n')

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

/** The earliest instant at which a rule may change, or something kept ends, with no new fact. */
const findNext = async (deps: SegmentsStageDeps, workspaceId: WorkspaceId, now: Instant): Promise<Instant | null> => {
  const due = await findNextDue(deps.clickhouse, workspaceId, now)
  const asked = deps.consumers.flatMap((consumer) => consumer.nextEnd ?? [])
  if (asked.length === 0) return due
  return deps.postgres.inWorkspace(workspaceId, async (tx) => {
    let next = due
    for (const ask of asked) {
      const end = await ask(tx, workspaceId)
      if (end !== null && (next === null || end < next)) next = end
    }
    return next
  })
}
